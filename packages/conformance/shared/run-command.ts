/** Runs a command of the workspace or the machine in a given folder. */
import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const root: string = join(import.meta.dirname, '../../..')

/** The folder, and variables to add to our environment; `undefined` removes a variable. */
export interface Place {
  cwd: string
  env: Record<string, string | undefined>
}

/** Resolves with the command's output; rejects with an error whose message ends with it. */
export async function runCommand(where: string | Place, command: string, ...args: string[]): Promise<string> {
  return (await runForOutput(where, command, ...args)).stdout
}

/** The same, including standard error. */
export async function runForOutput(
  where: string | Place,
  command: string,
  ...args: string[]
): Promise<{ stdout: string; stderr: string }> {
  const { cwd, env: extra } = typeof where === 'string' ? { cwd: where, env: {} } : where
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  const env = {
    ...process.env,
    PATH: path,
    CI: 'true',
    NODE_OPTIONS: '',
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
    ...extra,
  }
  try {
    return await run(command, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    const message = `"${command} ${args.join(' ')}" failed in ${cwd}:\n${stdout}${stderr || String(error)}`
    throw new Error(message, { cause: error })
  }
}
