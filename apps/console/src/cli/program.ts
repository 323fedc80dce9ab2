/** Which commands, arguments and options are there? */
import { script } from '@bomb.sh/tab'
import tab from '@bomb.sh/tab/commander'
import { Command, Help } from 'commander'

import { doctorCommand } from '../doctor/doctor.ts'
import type { OutputStreams, TextStream } from '../output/output.ts'
import { assignCommand } from '../resources/assign-policy.ts'
import { deleteCommand } from '../resources/delete-devices.ts'
import { batchesCommand } from '../resources/list-batches.ts'
import { customersCommand } from '../resources/list-customers.ts'
import { devicesCommand } from '../resources/list-devices.ts'
import { policiesCommands } from '../resources/policies.ts'
import { loginCommand } from '../sign-in/login.ts'
import { logoutCommand } from '../sign-in/logout.ts'
import { statusCommand } from '../status/get-batch-upload-status.ts'
import { watchCommand } from '../status/watch.ts'
import { trackerCommands } from '../tracker/tracker.ts'
import { demoCommand } from '../upload/demo.ts'
import { uploadCommand } from '../upload/upload.ts'
import { bashCompletion } from './bash-completion.ts'
import { completeFiles } from './complete-files.ts'
import type { ConsoleCommand, RunCommand } from './define-command.ts'
import { programHelp } from './help.ts'
import { explainUsage } from './usage-error.ts'

/** In the order of `--help`. */
const commands: readonly ConsoleCommand[] = [
  demoCommand,
  uploadCommand,
  statusCommand,
  watchCommand,
  customersCommand,
  batchesCommand,
  devicesCommand,
  deleteCommand,
  assignCommand,
  policiesCommands,
  trackerCommands,
  loginCommand,
  logoutCommand,
  doctorCommand,
]

/** What a program is created from. */
export interface ProgramOptions extends Pick<OutputStreams, 'stdout' | 'stderr'> {
  /** What the user typed; shell completion needs the last word. */
  args: readonly string[]
  /** Called with the command that the arguments name. */
  runCommand: RunCommand
}

/** Creates the program; it throws a `CommanderError` where commander would exit the process. */
export function createProgram(
  version: string,
  { args, stdout, stderr, runCommand }: ProgramOptions,
): Command {
  const program = new Command('devicebatch')
    .description(
      'Registers the Windows devices of a CSV file with Windows Autopilot through Partner Center, and reports the result of each.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(explainUsage(text).replace(/^error: /, 'devicebatch: ')),
      getOutHelpWidth: () => columnsOf(stdout),
      getErrHelpWidth: () => columnsOf(stderr),
    })
    .configureHelp({ showGlobalOptions: false, subcommandTerm })
    .showHelpAfterError('(--help lists the commands and options)')
    .addHelpText('after', programHelp)
  for (const command of commands) command.addTo(program, runCommand)
  // `completion` writes scripts for a shell, which run the hidden `complete` to get suggestions.
  completeFiles(tab(program, { completionCommandName: 'completion' }), args)
  describeCompletion(program, stdout)
  return program
}

/**
 * `help tracker health` as `tracker health --help`, and `help nothing` as `nothing`, an unknown command: commander's own `help`
 * ignores every name after the first, and shows the help of the program for a name that no command has.
 */
export function withHelpOption(program: Command, args: readonly string[]): readonly string[] {
  const asked = args.indexOf('help')
  const groupNames = args.slice(0, asked)
  const group = asked === -1 ? undefined : findCommand(program, groupNames)
  const names = args.slice(asked + 1).filter((name) => !name.startsWith('-'))
  if (!group || group.commands.length === 0 || names.length === 0) return args
  const words = [...groupNames, ...names]
  return findCommand(group, names) ? [...words, '--help'] : words
}

/** The command that the names lead to; what follows the name of one without subcommands are its arguments. */
function findCommand(program: Command, names: readonly string[]): Command | undefined {
  let command: Command | undefined = program
  for (const name of names) {
    if (command.commands.length === 0) break
    command = command.commands.find((one) => one.name() === name)
    if (!command) break
  }
  return command
}

/** A command and its arguments. Every command has options, so "[options]" would only take up space. */
function subcommandTerm(command: Command): string {
  return new Help().subcommandTerm(command).replace(' [options]', '')
}

/** The width of the terminal; 80 if it does not know it, and for anything else. */
function columnsOf({ isTTY, columns }: TextStream): number {
  return (isTTY && columns) || 80
}

function describeCompletion(program: Command, stdout: TextStream): void {
  const completion = program.commands.find((command) => command.name() === 'completion')
  completion?.registeredArguments.forEach((argument) => (argument.description = 'the shell'))
  completion
    ?.action((shell: string) => {
      // The library's script for bash needs the package bash-completion, and cannot be sourced twice.
      if (shell === 'bash') stdout.write(bashCompletion(program.name()))
      else script(shell, program.name(), program.name())
    })
    .description('write a script that makes a shell complete commands and options')
    .addHelpText(
      'after',
      `
Examples:
  bash        echo 'source <(devicebatch completion bash)' >> ~/.bashrc
  zsh         echo 'source <(devicebatch completion zsh)' >> ~/.zshrc
  fish        devicebatch completion fish > ~/.config/fish/completions/devicebatch.fish
  powershell  devicebatch completion powershell | Out-File -Append -Encoding utf8 $PROFILE`,
    )
}
