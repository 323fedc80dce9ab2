/** What can be typed after `devicebatch-dashboard`, and what does each of it do? */
import { readFileSync } from 'node:fs'

import { isPartnerCenterError } from '@devicebatch/client'
import { SystemNetworkError } from '@devicebatch/files/network'
import { Command, CommanderError } from 'commander'

import { EnvironmentError } from './environment/environment-error.ts'
import { readDatabase, readEnvironment } from './environment/environment.ts'
import { migrate } from './environment/running.ts'
import { startServer, startWorker } from './start-server.ts'

const name = 'devicebatch-dashboard'

/**
 * Runs the command that the arguments name. Resolves with the exit code once it has started or done what it should: 1 when the
 * dashboard cannot start, 2 when an argument is wrong.
 */
export async function runCommand(args: readonly string[]): Promise<0 | 1 | 2> {
  try {
    await createProgram().parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has printed the help, the version or what is wrong with the arguments.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!isExpected(error)) throw error
    console.error(error.message)
    return 1
  }
}

function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  const program = new Command(name)
    .description(
      'Serves the dashboard: what is in progress, what failed, and what to do about it. Without settings, it runs a demo that sends nothing to Microsoft.',
    )
    .version(version)
    .option('--check', 'only check the settings: open no port and no database')
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(`${name}: ${oneLine(text)} --help lists what it accepts.\n`),
    })
    .addHelpText('after', environmentHelp)
    .action(async ({ check = false }: { check?: boolean }) => (check ? checkSettings() : await startServer()))
  program.command('migrate').description('create or upgrade the tables, and exit').action(migrateTables)
  program
    .command('worker')
    .description('run a worker without pages, for dashboards with DEVICEBATCH_WORKER=no')
    .action(startWorker)
  return program
}

function checkSettings(): void {
  readEnvironment(process.env)
  console.log('The settings are complete and consistent.')
}

async function migrateTables(): Promise<void> {
  const { schema, version } = await migrate(readDatabase(process.env))
  console.log(`The tables in the schema ${schema} are at version ${version}.`)
}

const environmentHelp = `
All settings are environment variables:
  https://github.com/devicebatch/devicebatch/blob/main/apps/dashboard/README.md

Exit codes:
  0  it was stopped, or did what it was asked to do
  1  it cannot start: a setting is missing or wrong, or the port is taken
  2  an argument is wrong`

/** Commander's text, such as "error: unknown option '--prot'\n(Did you mean --port?)\n". */
function oneLine(text: string): string {
  const line = text
    .replace(/^error: /, '')
    .replace(/^too many arguments.*: (.*)\.$/m, "unexpected argument '$1'")
    .trim()
    .replaceAll('\n', ' ')
  return /[.?)]$/.test(line) ? line : `${line}.`
}

/** Whether its message is enough for the person who started the dashboard. */
function isExpected(error: unknown): error is Error {
  return (
    error instanceof EnvironmentError || error instanceof SystemNetworkError || isPartnerCenterError(error)
  )
}
