/** The environment of a command: that of the process, which takes precedence over the file of `--env-file`. */
import { parseEnv } from 'node:util'

import { InvalidArgumentError } from '@devicebatch/client'

import { readTextFile } from '../files/text-file.ts'

/** Variables of an environment. */
export type Variables = Readonly<Record<string, string | undefined>>

/** The names of the variables in earlier versions, and in other programs that sign in to Partner Center. */
const newNames: Readonly<Record<string, string>> = {
  TENANT_ID: 'DEVICEBATCH_TENANT_ID',
  CLIENT_ID: 'DEVICEBATCH_CLIENT_ID',
  CLIENT_SECRET: 'DEVICEBATCH_CLIENT_SECRET',
  REFRESH_TOKEN: 'DEVICEBATCH_REFRESH_TOKEN',
  AUTHORITY_HOST: 'DEVICEBATCH_AUTHORITY_HOST',
  PARTNER_CENTER_URL: 'DEVICEBATCH_BASE_URL',
}

/**
 * Reads the file as `node --env-file` does: a variable that is already set keeps its value. Rejects with
 * `InvalidArgumentError` when the file cannot be read, or still has an old name.
 */
export async function withEnvFile(env: Variables, path: string): Promise<Variables> {
  const subject = `The file of --env-file, ${path},`
  const added = parseEnv(await readTextFile(path, subject))
  const variables = { ...added, ...env }
  for (const [oldName, newName] of Object.entries(newNames)) {
    if (added[oldName] === undefined || variables[newName]) continue
    throw new InvalidArgumentError(
      `${subject} sets ${oldName}, which is now called ${newName}: rename the variable.`,
    )
  }
  return variables
}

/** Says if a missing variable is set under its old name. */
export function renamedVariables(env: Variables, missing: readonly string[]): string {
  const renamed = Object.entries(newNames).filter(
    ([oldName, newName]) => env[oldName] && missing.includes(newName),
  )
  return renamed.map(([oldName, newName]) => `${oldName} is now called ${newName}: rename it. `).join('')
}
