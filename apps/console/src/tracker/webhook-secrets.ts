/** The address and the secrets of a webhook: other users of the machine see the arguments of a command, so they come from elsewhere. */
import { InvalidArgumentError } from '@devicebatch/client'

import type { CommandContext } from '../cli/context.ts'
import { readTextFile } from '../files/text-file.ts'

/** How the address and the secrets are found. */
export interface SecretOptions {
  url?: string | undefined
  urlFile?: string | undefined
  secretFile?: string | undefined
  teams?: boolean | undefined
}

export const secretsHelp = `
The address and the secret:
  DEVICEBATCH_WEBHOOK_URL     the address, instead of --url or --url-file
  DEVICEBATCH_WEBHOOK_SECRET  the secret, instead of --secret-file
  The query of an address can be a secret, as that of Workflows is: use a file.
  Create a secret with: echo "whsec_$(openssl rand -base64 32)" > secret`

/** The address; rejects with `InvalidArgumentError` when there is none, and for a query that everybody could see. */
export async function readAddress(
  { env }: Pick<CommandContext, 'env'>,
  { url, urlFile }: SecretOptions,
): Promise<string> {
  if (url?.includes('?')) {
    throw new InvalidArgumentError(
      '--url has a query, which may be a secret, and other users of this machine see the arguments of a command. ' +
        'Put the address into a file and name it with --url-file, or set DEVICEBATCH_WEBHOOK_URL.',
    )
  }
  const address =
    url ??
    (urlFile === undefined
      ? env['DEVICEBATCH_WEBHOOK_URL']
      : await readTextFile(urlFile, `The file ${urlFile} of --url-file`))
  if (address?.trim()) return address.trim()
  throw new InvalidArgumentError(
    'There is no address. Pass it with --url or --url-file, or set DEVICEBATCH_WEBHOOK_URL.',
  )
}

/** The secrets, separated by spaces or lines; rejects with `InvalidArgumentError` when there is none. */
export async function readSecrets(
  { env }: Pick<CommandContext, 'env'>,
  { secretFile }: SecretOptions,
): Promise<string[]> {
  const text =
    secretFile === undefined
      ? env['DEVICEBATCH_WEBHOOK_SECRET']
      : await readTextFile(secretFile, `The file ${secretFile} of --secret-file`)
  const secrets = (text ?? '').split(/\s+/).filter((secret) => secret !== '')
  if (secrets.length > 0) return secrets
  throw new InvalidArgumentError(
    'There is no secret. Pass its file with --secret-file, or set DEVICEBATCH_WEBHOOK_SECRET. ' +
      'Create one with: echo "whsec_$(openssl rand -base64 32)" > secret',
  )
}
