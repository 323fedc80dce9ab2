/** Where does the command keep the user's files? */
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The folder, according to the XDG Base Directory Specification; on Windows in the user's own profile. It need not exist yet. */
export function configFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'devicebatch')
  // The specification says to ignore a path that is not absolute.
  const base = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(home, '.config')
  return join(base, 'devicebatch')
}

/** The folder of the tracker's own database. */
export function trackerFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(configFolder(env), 'tracker')
}

/** The file of the newest refresh token of an app, unless the environment names another one. */
export function defaultRefreshTokenFile(
  env: Readonly<Record<string, string | undefined>>,
  clientId: string,
): string {
  return join(configFolder(env), `refresh-token-${encodeURIComponent(clientId.toLowerCase())}`)
}
