/** Runs a command of the workspace, or of the machine, in a folder of its own. */
import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const root: string = join(import.meta.dirname, '../../..')

/** A folder, and variables to add to our environment; `undefined` removes a variable. */
export interface Place {
  cwd: string
  env: Record<string, string | undefined>
}

/** Resolves with what the command printed; rejects with an error whose message ends in it. */
export async function runCommand(where: string | Place, command: string, ...args: string[]): Promise<string> {
  return (await runForOutput(where, command, ...args)).stdout
}

/** The same with what went to standard error. */
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
