#!/usr/bin/env node
/** The command `devicebatch` as a process: its signals, its streams and its exit code. */
import { isatty } from 'node:tty'

import { Interruption } from './cli/context.ts'
import { exitCodes } from './cli/exit-code.ts'
import { runProgram } from './cli/run-program.ts'
import { watchStandardOutput } from './output/standard-output.ts'

const interruption = new AbortController()
/** Closing the window is SIGHUP. */
const hasTerminal = process.platform === 'win32' || [0, 1, 2].some((stream) => isatty(stream))
// Node overrides `nohup`, which ignores it: without a terminal, there is no window to close.
if (!hasTerminal) process.on('SIGHUP', () => {})
const signals = ['SIGINT', 'SIGTERM', 'SIGBREAK', ...(hasTerminal ? (['SIGHUP'] as const) : [])] as const
for (const name of signals) {
  // Not `once`: log-update, which restores the cursor, ends the process when it finds no other listener.
  process.on(name, () => {
    if (interruption.signal.aborted) process.exit(exitCodes[name])
    interruption.abort(new Interruption(exitCodes[name]))
  })
}
// Nobody reads it, or it cannot be written: there is no other place for messages.
process.stderr.on('error', () => {})

const { env, stdout, stderr } = process
const finish = watchStandardOutput(stdout, stderr)
const exitCode = await runProgram(process.argv.slice(2), {
  env,
  stdin: () => process.stdin,
  stdout,
  stderr,
  cwd: process.cwd(),
  script: process.argv[1] ?? '',
  signal: interruption.signal,
})
process.exitCode = await finish(exitCode)
