/** `devicebatch logout`: forgets the refresh token. */
import type { CommandContext } from '../cli/context.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { readEnvironment } from '../service/environment.ts'
import { removeRefreshToken } from '../service/refresh-token-file.ts'

/** Deletes the file, and says what that does not do. */
export async function logout({ output, env }: CommandContext): Promise<number> {
  const { refreshTokenFile } = readEnvironment(env)
  const existed = await removeRefreshToken(refreshTokenFile)
  output.record({ refreshTokenFile, deleted: existed })
  output.print(
    existed
      ? `Signed out: deleted ${refreshTokenFile}`
      : `Nobody was signed in: there is no ${refreshTokenFile}`,
  )
  if (existed)
    output.print(
      'A copy of the token would go on working until the sign-ins of the user are revoked in Microsoft Entra.',
    )
  return exitCodes.registered
}
