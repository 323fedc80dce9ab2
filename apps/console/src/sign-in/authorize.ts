/** Signs a user in with a browser, and keeps the refresh token for the other commands. */
import { AuthenticationError } from '@devicebatch/client'
import { resolveAuthority } from '@devicebatch/edge/internal'

import type { CommandContext } from '../cli/context.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { readEnvironment } from '../service/environment.ts'
import { useNetwork } from '../service/network.ts'
import { writeRefreshToken } from '../service/refresh-token-file.ts'
import { redeemCode, startSignIn } from './code-grant.ts'
import { startLoopbackServer } from './loopback-server.ts'
import { openBrowser } from './open-browser.ts'
import type { PastedRedirect } from './pasted-redirect.ts'
import { readPastedRedirect } from './pasted-redirect.ts'

const timeoutMs = 600_000

/** Shows the sign-in URL, waits for the browser to return, and saves the refresh token. */
export async function login(context: CommandContext, { browser }: { browser: boolean }): Promise<number> {
  const { output, signal, env } = context
  const settings = readEnvironment(env)
  useNetwork(env)
  const server = resolveAuthority(settings)
  const loopback = await startLoopbackServer()
  let pasted: PastedRedirect | undefined
  try {
    const request = await startSignIn(settings, server, loopback.redirectUri)
    signal.throwIfAborted()
    output.print(
      'Sign in with MFA as a user of your own tenant who has the Admin agent or Sales agent role:',
      `  ${request.url}`,
      'Waiting for the browser to return …',
    )
    const finish = async (redirect: URL): Promise<string> => {
      const refreshToken = await redeemCode(settings, server, request, redirect, signal)
      await writeRefreshToken(settings.refreshTokenFile, refreshToken)
      return 'You are signed in. You can close this window.'
    }
    const ways: Promise<unknown>[] = [loopback.waitForRedirect(request.state, finish), rejectAfter(signal)]
    if (browser) openBrowser(request.url)
    else {
      output.print(
        'If the browser is on another machine, it ends at a page that cannot be reached: copy the URL of that page,',
        'paste it here and press Enter.',
      )
      pasted = readPastedRedirect(context.stdin(), request.state, () =>
        output.print('That is not the URL of this sign-in. Copy the whole URL, from http:// to its end.'),
      )
      ways.push(pasted.url.then(finish))
    }
    await Promise.race(ways)
  } finally {
    pasted?.close()
    loopback.close()
  }
  output.record({ refreshTokenFile: settings.refreshTokenFile })
  output.print(`Signed in. The refresh token is saved ${whoCanRead()}, in`, `  ${settings.refreshTokenFile}`)
  return exitCodes.registered
}

/** Windows has no file modes: there, a file has the permissions of its folder. */
function whoCanRead(): string {
  return process.platform === 'win32'
    ? 'with the permissions of its folder (other users cannot read your profile)'
    : 'so that only you can read it'
}

/** Ends the wait when the command is interrupted, or when nobody signs in. */
function rejectAfter(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => {
      const message = `Nobody signed in within ${timeoutMs / 60_000} minutes. Run "devicebatch login" again.`
      reject(new AuthenticationError(message, { isRetryable: true }))
    }, timeoutMs).unref()
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}
