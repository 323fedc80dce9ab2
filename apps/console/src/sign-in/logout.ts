/** `devicebatch logout`: deletes the refresh token. */
import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { logoutHelp } from '../cli/help.ts'
import { json } from '../cli/options.ts'
import { readRefreshTokenFile } from '../service/environment.ts'
import { removeRefreshToken } from '../service/refresh-token-file.ts'

/** Deletes the file, and says what that does not revoke. */
async function logout({ output, env }: CommandContext): Promise<number> {
  const refreshTokenFile = readRefreshTokenFile(env)
  const existed = await removeRefreshToken(refreshTokenFile)
  output.record({ refreshTokenFile, deleted: existed })
  output.print(
    existed
      ? `Signed out: deleted ${refreshTokenFile}`
      : `Nobody was signed in: ${refreshTokenFile} does not exist`,
  )
  if (existed)
    output.print(
      "A copy of the token would still work until the user's sessions are revoked in Microsoft Entra.",
    )
  return exitCodes.registered
}

export const logoutCommand: ConsoleCommand = defineCommand({
  name: 'logout',
  description: 'delete the refresh token',
  options: [json()],
  examples: ['devicebatch logout'],
  notes: [logoutHelp],
  run: logout,
})
