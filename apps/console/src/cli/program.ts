/** Which commands, arguments and options are there? */
import tab from '@bomb.sh/tab/commander'
import { Command } from 'commander'

import { completeFiles } from './complete-files.ts'
import { programHelp } from './help.ts'
import type { RunCommand } from './options.ts'
import { addResourceCommands } from './resource-commands.ts'
import { addSignInCommands } from './sign-in-commands.ts'
import { addTrackerCommands } from './tracker-commands.ts'
import { addUploadCommands } from './upload-commands.ts'

/** Makes the program; `runCommand` is called with the command that the arguments name. */
export function createProgram(version: string, runCommand: RunCommand): Command {
  const program = new Command('devicebatch')
    .description('Uploads Windows devices to Partner Center from a CSV and says what became of each of them.')
    .version(version)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'devicebatch: ')) })
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError('(--help lists the commands and options)')
    .addHelpText('after', programHelp)
  addUploadCommands(program, runCommand)
  addResourceCommands(program, runCommand)
  addTrackerCommands(program, runCommand)
  addSignInCommands(program, runCommand)
  // The scripts ask this program for what fits: `completion` writes them, and the hidden `complete` answers.
  completeFiles(tab(program, { completionCommandName: 'completion' }))
  describeCompletion(program)
  return program
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
