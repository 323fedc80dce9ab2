/** `devicebatch login`: a user signs in once, with MFA. */
import { Option } from 'commander'

import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { loginHelp } from '../cli/help.ts'
import { json } from '../cli/options.ts'

export const loginCommand: ConsoleCommand = defineCommand({
  name: 'login',
  description:
    'sign in as a user of your own (partner) tenant, and save a refresh token for the other commands',
  options: [
    new Option(
      '--no-browser',
      'for a machine without a browser: show a URL to open elsewhere, and prompt for the URL that it redirects to',
    ),
    json(),
  ],
  examples: ['devicebatch login', 'devicebatch login --no-browser'],
  notes: [loginHelp],
  async run(context: CommandContext, options: { browser: boolean }) {
    // No other command needs an OAuth client with a browser.
    const { login } = await import('./authorize.ts')
    return login(context, options)
  },
})
