/** Can a webhook be used as it is set? Decided without clock and database; no message shows an address or a secret. */
import { InvalidArgumentError } from '@devicebatch/client'
import { checkNames, isLoopback, show } from '@devicebatch/edge/internal'

import { checkOneOf } from '../queries/filters.ts'
import type { NotificationType } from './notification.ts'
import { notificationTypes } from './notification.ts'

/** Where notifications are sent, and how. */
export interface WebhookSettings {
  /** A name for it: at most 60 letters, digits, `.`, `_` and `-`. A webhook with the same name is replaced. */
  name: string
  /**
   * An https address, or an http address of this machine. Its query is a secret, such as the `sig` of a Workflows address: it is
   * never shown.
   */
  url: string
  /**
   * `'standard'`: the notification as JSON, signed as described by Standard Webhooks. `'teams'`: an Adaptive Card, for the
   * address of a Workflows (Power Automate) webhook. Default `'standard'`.
   */
  format?: 'standard' | 'teams' | undefined
  /**
   * What signs the notifications: `whsec_` and 24 to 64 random bytes in base64. To rotate a secret, set the new one and the old
   * one until the receiver knows the new one. Required for `'standard'`; `'teams'` has none.
   */
  secrets?: readonly string[] | undefined
  /** The types it receives. Default: all. */
  types?: readonly NotificationType[] | undefined
}

/** {@link WebhookSettings}, checked and with every default filled in; `types` is `null` for all. */
export interface CheckedWebhook {
  name: string
  url: string
  format: 'standard' | 'teams'
  secrets: readonly string[]
  types: NotificationType[] | null
}

const formats: readonly string[] = ['standard', 'teams']

/** Checks the settings; throws `InvalidArgumentError` for the first that is wrong. */
export function checkWebhook(settings: WebhookSettings): CheckedWebhook {
  const { name, url, format = 'standard', secrets = [], types } = settings ?? ({} as WebhookSettings)
  checkNames(settings, { name: true, url: true, format: true, secrets: true, types: true })
  checkWebhookName(name)
  checkAddress(url)
  checkOneOf('format', format, formats)
  checkSecrets(secrets, format)
  if (types !== undefined && (!Array.isArray(types) || types.length === 0)) {
    throw new InvalidArgumentError(
      `\`types\` must be a list of types, such as ['submission.ended']; got ${show(types)}. Omit it to receive all.`,
    )
  }
  checkOneOf('types', types, notificationTypes)
  return { name, url, format, secrets, types: types ? [...types] : null }
}

/** Checks a name; throws `InvalidArgumentError`. */
export function checkWebhookName(name: unknown): void {
  if (typeof name === 'string' && /^[\w.-]{1,60}$/.test(name)) return
  throw new InvalidArgumentError(
    `\`name\` must be a name of at most 60 letters, digits, \`.\`, \`_\` and \`-\`, such as 'helpdesk'; got ${show(name)}.`,
  )
}

function checkAddress(address: unknown): void {
  const url = typeof address === 'string' ? URL.parse(address) : null
  if (!url)
    throw new InvalidArgumentError('`url` must be an address such as https://example.com/devicebatch.')
  if (url.username || url.password) {
    throw new InvalidArgumentError(
      `\`url\` must not contain a user name or a password; the address at ${url.host} does. Remove them: notifications are signed.`,
    )
  }
  if (url.protocol === 'https:' || isLoopback(url)) return
  throw new InvalidArgumentError(
    `\`url\` must start with https://; got ${url.protocol} at ${show(url.host)}. Only an address of this machine, such as http://127.0.0.1:8080, may use http.`,
  )
}

const [shortestSecret, longestSecret] = [24, 64]

function checkSecrets(secrets: unknown, format: string): void {
  if (!Array.isArray(secrets)) throw new InvalidArgumentError('`secrets` must be a list of secrets.')
  if (format === 'teams') {
    if (secrets.length === 0) return
    throw new InvalidArgumentError(
      "`secrets` must be omitted for the format 'teams': a Workflows address is itself the secret.",
    )
  }
  const hint = 'Create one with: echo "whsec_$(openssl rand -base64 32)"'
  if (secrets.length === 0) {
    throw new InvalidArgumentError(
      `\`secrets\` must contain at least one secret, which signs the notifications. ${hint}`,
    )
  }
  for (const [index, secret] of secrets.entries()) {
    const bytes = readSecret(secret)?.length
    const problem =
      bytes === undefined
        ? 'it is not base64 after whsec_'
        : (bytes < shortestSecret || bytes > longestSecret) && `it has ${bytes} bytes`
    if (!problem) continue
    throw new InvalidArgumentError(
      `\`secrets[${index}]\` must be whsec_ and ${shortestSecret} to ${longestSecret} random bytes in base64; ${problem}. ${hint}`,
    )
  }
}

/** The bytes of a secret; `undefined` when it has another form. */
export function readSecret(secret: unknown): Uint8Array | undefined {
  const base64 = typeof secret === 'string' ? /^whsec_([\w+/]+={0,2})$/.exec(secret)?.[1] : undefined
  const bytes = Buffer.from(base64 ?? '', 'base64')
  return base64 !== undefined && bytes.toString('base64') === base64 ? bytes : undefined
}

/** An address that may be shown: without its query, which may contain a secret. */
export function shownAddress(address: string): string {
  const { origin, pathname, search } = new URL(address)
  return `${origin}${pathname}${search && '?…'}`
}
