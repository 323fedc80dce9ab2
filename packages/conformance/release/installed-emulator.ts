/** The emulator as its installed command serves it, and a token for it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface InstalledEmulator {
  /** The environment variables of the README's first program. */
  env: { DEVICEBATCH_BASE_URL: string; DEVICEBATCH_TOKEN: string }
  stop(): Promise<void>
}

/** @param folder Where `@devicebatch/emulator` is in `node_modules`. */
export async function startEmulator(folder: string): Promise<InstalledEmulator> {
  const command = join(folder, 'node_modules/.bin/devicebatch-emulator')
  const emulator = spawn(command, ['--port', '0', '--queued-ms', '1', '--processing-ms', '1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(emulator, 'exit')
  const stop = async (): Promise<void> => {
    emulator.kill()
    await exit
  }
  let usage = ''
  for await (const piece of emulator.stdout.setEncoding('utf8')) {
    usage += piece
    if (usage.includes('Stop with')) break
  }
  try {
    const token = await fetchToken(
      tell(usage, 'Token endpoint'),
      tell(usage, 'Client ID'),
      tell(usage, 'Client secret'),
      tell(usage, 'Refresh token'),
    )
    return { env: { DEVICEBATCH_BASE_URL: tell(usage, 'API'), DEVICEBATCH_TOKEN: token }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What the command prints after a label. */
function tell(usage: string, label: string): string {
  const value = new RegExp(`^ *${label} +(\\S+)$`, 'm').exec(usage)?.[1]
  if (value === undefined) throw new Error(`devicebatch-emulator does not print its "${label}":\n${usage}`)
  return value
}

async function fetchToken(
  endpoint: string,
  clientId: string,
  clientSecret: string,
  refreshToken: string,
): Promise<string> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://api.partnercenter.microsoft.com/.default',
    }),
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return token
}
