/** The environment of a command: that of the process, which takes precedence over the file of `--env-file`. */
import { parseEnv } from 'node:util'

import { readTextFile } from '../files/text-file.ts'

/** Variables of an environment. */
export type Variables = Readonly<Record<string, string | undefined>>

/**
 * Reads the file as `node --env-file` does: a variable that is already set keeps its value. Rejects with
 * `InvalidArgumentError` when the file cannot be read.
 */
export async function withEnvFile(env: Variables, path: string): Promise<Variables> {
  return { ...parseEnv(await readTextFile(path, `The file of --env-file, ${path},`)), ...env }
}
