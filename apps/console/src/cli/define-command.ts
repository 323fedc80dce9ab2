/** A command of the console: what the user types, what `--help` shows, and what it does, defined in one place. */
import type { Command, Option } from 'commander'

import type { TypedText } from '../files/used-files.ts'
import type { OutputFormat } from '../output/output.ts'
import type { CommandContext } from './context.ts'
import type { ExitCodeMeanings } from './help.ts'
import { examplesText, exitCodesHelp } from './help.ts'
import {
  ascii as asciiOption,
  envFile as envFileOption,
  output as outputOption,
  RequiredOption,
} from './options.ts'

/** Runs a command with its surroundings. */
export type RunCommand = (
  settings: CommandSettings,
  run: (context: CommandContext) => Promise<number>,
) => Promise<void>

/** What every command has in common. */
export interface CommandSettings {
  /** What standard output is for. */
  format: OutputFormat
  /** Whether a JSON document has no character beyond ASCII. */
  ascii: boolean
  /** A file with more environment variables. */
  envFile?: string | undefined
  /** Whether each request is written to standard error. */
  verbose?: boolean | undefined
  /** The file that each request is written to. */
  record?: string | undefined
  /** The file that replaces standard output. */
  output?: string | undefined
  /** All text that the user typed. */
  typed: readonly TypedText[]
}

/** A command, or a group of commands, to add to a program. */
export interface ConsoleCommand {
  addTo: (parent: Command, runCommand: RunCommand) => void
}

/** What `--help` shows. */
interface CommandHelp {
  name: string
  description: string
  /** Command lines; `CUSTOMER` stands for a customer's ID. */
  examples: readonly string[]
  /** What `--help` adds below the examples. */
  notes?: readonly string[]
}

/** An argument; `read` checks it, and throws commander's `InvalidArgumentError`. */
export type CommandArgument = readonly [name: string, description: string, read?: (text: string) => string]

/** The definition of a command; `Values` are its arguments, then its options. */
export interface CommandDefinition<Values extends readonly unknown[]> extends CommandHelp {
  arguments?: readonly CommandArgument[]
  options?: readonly Option[]
  /** What standard output is for. Default: determined by `--json` and `--csv`. */
  format?: OutputFormat
  /** What its exit codes mean, where it is more than for every command. */
  exitCodes?: ExitCodeMeanings
  /** Returns the exit code. */
  run: (context: CommandContext, ...values: Values) => Promise<number>
}

/** Defines a command. */
export function defineCommand<Values extends readonly unknown[]>(
  definition: CommandDefinition<Values>,
): ConsoleCommand {
  return {
    addTo(parent, runCommand) {
      const notes = [...(definition.notes ?? []), exitCodesHelp(definition.exitCodes ?? {})]
      const command = addCommand(parent, { ...definition, notes })
      for (const [name, description, read] of definition.arguments ?? []) {
        if (read) command.argument(name, description, read)
        else command.argument(name, description)
      }
      const own = definition.options ?? []
      const hasJson = own.some(({ long }) => long === '--json')
      for (const option of [...own, ...(hasJson ? [asciiOption()] : []), outputOption(), envFileOption()])
        command.addOption(option)
      command.action((...received: unknown[]) => {
        // Commander passes the command itself last.
        const values = received.slice(0, -1) as unknown as Values
        const options = values.at(-1) as CommonOptions
        const missing = own.find(
          (option) =>
            option instanceof RequiredOption && command.getOptionValue(option.attributeName()) === undefined,
        )
        if (missing) {
          command.error(`error: required option '${missing.flags}' not specified`, {
            code: 'commander.missingMandatoryOptionValue',
          })
        }
        const format = definition.format ?? formatOf(options)
        const { ascii = false, envFile, verbose, record, output } = options
        const typed = [
          ...values.slice(0, -1).flatMap((value) => textsOf('', value)),
          ...Object.entries(options).flatMap(([name, value]) => textsOf(name, value)),
        ]
        return runCommand({ format, ascii, envFile, verbose, record, output, typed }, (context) =>
          definition.run(context, ...values),
        )
      })
    },
  }
}

/** Defines a group of commands, such as `policies`. */
export function defineGroup(help: CommandHelp & { commands: readonly ConsoleCommand[] }): ConsoleCommand {
  return {
    addTo(parent, runCommand) {
      const group = addCommand(parent, help)
      for (const command of help.commands) command.addTo(group, runCommand)
    },
  }
}

function addCommand(parent: Command, { name, description, examples, notes = [] }: CommandHelp): Command {
  const command = parent.command(name)
  return command
    .description(description)
    .showHelpAfterError(`("${pathOf(command)} --help" lists the options)`)
    .addHelpText('after', [examplesText(...examples), ...notes].join('\n'))
}

/** The command as the user types it. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

function textsOf(option: string, value: unknown): TypedText[] {
  return [value].flat().flatMap((text) => (typeof text === 'string' ? [[option, text] as const] : []))
}

interface CommonOptions {
  output?: string
  envFile?: string
  verbose?: boolean
  record?: string
  json?: boolean
  ascii?: boolean
  csv?: boolean
}

function formatOf({ json, csv }: CommonOptions): OutputFormat {
  if (csv) return 'csv'
  return json ? 'json' : 'text'
}
