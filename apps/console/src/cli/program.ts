/** Which commands, arguments and options are there? */
import tab from '@bomb.sh/tab/commander'
import { Command } from 'commander'

import type { OutputStreams, TextStream } from '../output/output.ts'
import { completeFiles } from './complete-files.ts'
import { programHelp } from './help.ts'
import type { RunCommand } from './options.ts'
import { addResourceCommands } from './resource-commands.ts'
import { addSignInCommands } from './sign-in-commands.ts'
import { addTrackerCommands } from './tracker-commands.ts'
import { addUploadCommands } from './upload-commands.ts'

/** What a program is made from. */
export interface ProgramOptions extends Pick<OutputStreams, 'stdout' | 'stderr'> {
  /** What the user typed; a shell that completes it needs the last word. */
  args: readonly string[]
  /** Called with the command that the arguments name. */
  runCommand: RunCommand
}

/** Makes the program; it throws a `CommanderError` where commander would end the process. */
export function createProgram(
  version: string,
  { args, stdout, stderr, runCommand }: ProgramOptions,
): Command {
  const program = new Command('devicebatch')
    .description('Uploads Windows devices to Partner Center from a CSV and says what became of each of them.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'devicebatch: ')),
      getOutHelpWidth: () => columnsOf(stdout),
      getErrHelpWidth: () => columnsOf(stderr),
    })
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError('(--help lists the commands and options)')
    .addHelpText('after', programHelp)
  addUploadCommands(program, runCommand)
  addResourceCommands(program, runCommand)
  addTrackerCommands(program, runCommand)
  addSignInCommands(program, runCommand)
  // The scripts ask this program for what fits: `completion` writes them, and the hidden `complete` answers.
  completeFiles(tab(program, { completionCommandName: 'completion' }), args)
  describeCompletion(program)
  return program
}

/** The width of a terminal; commander has its own for anything else. */
function columnsOf({ isTTY, columns }: TextStream): number {
  return (isTTY ? columns : undefined) ?? 80
}

function describeCompletion(program: Command): void {
  program.commands
    .find((command) => command.name() === 'completion')
    ?.description('write the script that completes commands and options in a shell')
    .addHelpText(
      'after',
      `
Examples:
  bash        echo 'source <(devicebatch completion bash)' >> ~/.bashrc
  zsh         echo 'source <(devicebatch completion zsh)' >> ~/.zshrc
  fish        devicebatch completion fish > ~/.config/fish/completions/devicebatch.fish
  powershell  devicebatch completion powershell >> $PROFILE`,
    )
}
