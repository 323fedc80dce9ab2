#!/usr/bin/env node
/** The command `devicebatch` as a process: its signals, its streams and its exit code. */
import { Interruption } from './cli/context.ts'
import { exitCodes } from './cli/exit-code.ts'
import { runProgram } from './cli/run-program.ts'

const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // Not `once`: log-update, which restores the cursor, ends the process when it finds no other listener.
  process.on(name, () => {
    if (interruption.signal.aborted) process.exit(exitCodes[name])
    interruption.abort(new Interruption(exitCodes[name]))
  })
}
// A reader that has seen enough, such as `head`, does not end the wait: the results are still written.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const { env, stdout, stderr } = process
process.exitCode = await runProgram(process.argv.slice(2), {
  env,
  stdin: () => process.stdin,
  stdout,
  stderr,
  cwd: process.cwd(),
  script: process.argv[1] ?? '',
  signal: interruption.signal,
})
