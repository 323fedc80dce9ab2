/** Runs a command of the workspace, or of the machine, in a folder of its own. */
import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const root: string = join(import.meta.dirname, '../../..')

/** Resolves with what the command printed; rejects with an error whose message ends in it. */
export async function runCommand(cwd: string, command: string, ...args: string[]): Promise<string> {
  return (await runForOutput(cwd, command, ...args)).stdout
}

/** The same with what went to standard error. */
export async function runForOutput(
  cwd: string,
  command: string,
  ...args: string[]
): Promise<{ stdout: string; stderr: string }> {
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  const env = {
    ...process.env,
    PATH: path,
    CI: 'true',
    NODE_OPTIONS: '',
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
  }
  try {
    return await run(command, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    const message = `"${command} ${args.join(' ')}" failed in ${cwd}:\n${stdout}${stderr || String(error)}`
    throw new Error(message, { cause: error })
  }
}
