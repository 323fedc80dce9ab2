#!/usr/bin/env node
/** The command `devicebatch`: its arguments, its errors, and how it ends. */
import { readFileSync } from 'node:fs'

import { isPartnerCenterError } from '@devicebatch/client'

import { Interruption } from './cli/context.ts'
import { exitCodes } from './cli/exit-code.ts'
import { createProgram } from './cli/program.ts'
import { commandName } from './output/command-line.ts'
import { describeError } from './output/describe-error.ts'
import { createOutput } from './output/output.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // Not `once`: what gives a terminal its cursor back ends the process when it finds no other listener.
  process.on(name, () => {
    if (interruption.signal.aborted) process.exit(exitCodes[name])
    interruption.abort(new Interruption(exitCodes[name]))
  })
}
// A reader that has seen enough, such as `head`, does not end the wait: the results are still written.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

await createProgram(version, async (format, run) => {
  const output = createOutput(format)
  const context = {
    output,
    signal: interruption.signal,
    commandName: commandName(process.env, process.argv[1] ?? '', process.cwd()),
  }
  try {
    process.exitCode = await run(context)
  } catch (error) {
    if (error instanceof Interruption) {
      process.exitCode = error.exitCode
      output.record({ error: { message: error.message } })
      console.error('devicebatch: interrupted')
    } else if (isPartnerCenterError(error)) {
      process.exitCode = exitCodes.failed
      const message = describeError(error)
      output.record({ error: { ...error.toJSON(), message } })
      console.error(`devicebatch: ${message}`)
    } else {
      // A mistake of this program: its stack is what helps.
      throw error
    }
  }
  output.record({ exitCode: process.exitCode })
  output.finish()
}).parseAsync()
