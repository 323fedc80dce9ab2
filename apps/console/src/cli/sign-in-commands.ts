/** The commands that sign in and out. */
import type { Command } from 'commander'

import { logout } from '../sign-in/logout.ts'
import { examples, signInHelp } from './help.ts'
import type { FormatOptions, RunCommand } from './options.ts'
import { formatOf, json } from './options.ts'

/** Adds them to the program. */
export function addSignInCommands(program: Command, runCommand: RunCommand): void {
  program
    .command('login')
    .description('sign in as a user of your own tenant, and keep a refresh token for the other commands')
    .option('--no-browser', 'show the address to open in any browser, and take the address that it ends at')
    .addOption(json())
    .addHelpText(
      'after',
      `${examples('devicebatch login', 'devicebatch login --no-browser')}
The app registration needs the redirect URI http://localhost, of the platform Web.${signInHelp.replace('\n', '\n\n')}`,
    )
    .action((options: { browser: boolean } & FormatOptions) =>
      runCommand(formatOf(options), async (context) => {
        const { login } = await import('../sign-in/login.ts')
        return login(context, options)
      }),
    )

  program
    .command('logout')
    .description('forget the refresh token')
    .addOption(json())
    .addHelpText('after', examples('devicebatch logout') + signInHelp)
    .action((options: FormatOptions) => runCommand(formatOf(options), (context) => logout(context)))
}
