/** Runs the command that the arguments name, reports its errors, and returns how it ended. */
import { resolve } from 'node:path'

import { isPartnerCenterError } from '@devicebatch/client'
import { CommanderError } from 'commander'

import { createOutputFile } from '../files/output-file.ts'
import { readPackageFile } from '../files/package-file.ts'
import { openSupportFile } from '../files/support-file.ts'
import { checkUsedFiles } from '../files/used-files.ts'
import { commandLine, commandName } from '../output/command-line.ts'
import { adviceFor, describeError } from '../output/describe-error.ts'
import { createOutput } from '../output/output.ts'
import { withEnvFile } from '../service/env-file.ts'
import { checkInput, exitCodeOfError, UsageError } from './check-input.ts'
import type { CommandContext, Surroundings } from './context.ts'
import { Interruption } from './context.ts'
import type { CommandSettings } from './define-command.ts'
import { exitCodes } from './exit-code.ts'
import { createProgram, withHelpOption } from './program.ts'
import { usageError } from './usage-error.ts'

const { version } = JSON.parse(readPackageFile('package.json')) as { version: string }

/** Returns the exit code; rejects only because of a bug in the program. */
export async function runProgram(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode: number = exitCodes.registered
  const program = createProgram(version, {
    ...surroundings,
    args,
    async runCommand(settings, run) {
      exitCode = await runCommand(settings, run, surroundings)
    },
  })
  try {
    await program.parseAsync(withHelpOption(program, args), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Commander has printed the help, the version or what is wrong with the arguments.
    if (error.exitCode === 0) return exitCodes.registered
    exitCode = exitCodes.usage
    const ascii = args.includes('--ascii')
    const isJson = ascii || args.includes('--json')
    const output = createOutput(isJson ? 'json' : 'text', surroundings, ascii)
    output.record({ error: usageError(error), exitCode })
    output.finish()
  }
  return exitCode
}

async function runCommand(
  { output: path, ...settings }: CommandSettings,
  run: (context: CommandContext) => Promise<number>,
  surroundings: Surroundings,
): Promise<number> {
  const { stderr } = surroundings
  if (path === undefined) {
    const { exitCode, failure } = await runTo(settings, run, surroundings)
    if (failure !== undefined) stderr.write(`devicebatch: ${failure}\n`)
    return exitCode
  }
  const file = createOutputFile(path, surroundings.cwd, settings.typed)
  try {
    await checkInput(() => file.check())
    const { exitCode, failure } = await runTo(settings, run, { ...surroundings, stdout: file.stream })
    if (failure !== undefined) {
      if (settings.format === 'text') stderr.write(file.text())
      stderr.write(`devicebatch: ${failure}\n`)
    }
    // A list without its end must not replace a complete one; a JSON document says what went wrong.
    if (failure === undefined || settings.format === 'json') await file.save()
    return exitCode
  } catch (error) {
    if (!isPartnerCenterError(error)) throw error
    stderr.write(`devicebatch: ${describeError(error)}\n`)
    return exitCodeOfError(error)
  }
}

/** How a command ended, and what made it fail. */
interface CommandEnd {
  exitCode: number
  failure?: string
}

/** Runs the command with the standard output of its surroundings. */
async function runTo(
  { format, ascii, envFile, verbose, record, typed }: Omit<CommandSettings, 'output'>,
  run: (context: CommandContext) => Promise<number>,
  surroundings: Surroundings,
): Promise<CommandEnd> {
  const { script, cwd, stderr } = surroundings
  const output = createOutput(format, surroundings, ascii)
  let end: CommandEnd
  try {
    const { env, recordLine } = await checkInput(async () => {
      await checkUsedFiles(typed, cwd)
      return {
        env:
          envFile === undefined
            ? surroundings.env
            : await withEnvFile(surroundings.env, resolve(cwd, envFile)),
        recordLine: record === undefined ? undefined : openSupportFile(resolve(cwd, record)),
      }
    })
    const diagnostics = {
      log: verbose ? (line: string) => void stderr.write(`${line}\n`) : undefined,
      record: recordLine,
    }
    const name = commandName(env, script, cwd)
    const exitCode = await run({
      ...surroundings,
      env,
      output,
      diagnostics,
      commandName: name,
      commandLine: (words, options) => commandLine(name, words, { ...options, 'env-file': envFile }),
    })
    end = { exitCode }
  } catch (error) {
    if (error instanceof Interruption) {
      end = { exitCode: error.exitCode, failure: 'interrupted' }
      output.record({ error: { message: error.message } })
    } else if (isPartnerCenterError(error)) {
      const message = describeError(error)
      const advice = adviceFor(error)
      end = { exitCode: exitCodeOfError(error), failure: [message, advice].filter(Boolean).join(' ') }
      output.record({
        error:
          error instanceof UsageError ? { code: 'usage', message } : { ...error.toJSON(), message, advice },
      })
    } else {
      // A bug in this program: show its stack.
      throw error
    }
  }
  output.record({ exitCode: end.exitCode })
  output.finish()
  return end
}
