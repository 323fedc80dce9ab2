/**
 * The command `devicebatch-dashboard` as a process that ends with the test, with only the given environment and what other
 * processes have compiled.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { expect, onTestFinished } from 'vitest'

const main = join(import.meta.dirname, '../src/main.ts')

/** How it ended. */
export interface Ended {
  exitCode: number | null
  stdout: string
  stderr: string
}

/** Runs it to its end. */
export async function runCommand(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ended> {
  return await startCommand(args, environment).ended
}

/** Starts it; `line` resolves with the first line of its standard output that matches. */
export function startCommand(args: readonly string[], environment: Record<string, string>) {
  const child = spawn(process.execPath, [main, ...args], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk) => (printed[name] += String(chunk)))
  }
  const ended = once(child, 'close').then(([exitCode]): Ended => ({
    exitCode: exitCode as number | null,
    ...printed,
  }))
  return {
    printed,
    ended,
    signal: (name: NodeJS.Signals) => void child.kill(name),
    async line(pattern: RegExp): Promise<string> {
      await expect
        .poll(() => printed.stdout + (child.exitCode === null ? '' : `\n${printed.stderr}`))
        .toMatch(pattern)
      return pattern.exec(printed.stdout)![0]
    },
  }
}
