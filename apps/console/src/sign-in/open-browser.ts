/** Opens an address in the user's browser, where there is one. */
import { spawn } from 'node:child_process'

/** Tries it; that it failed nobody is told, since the address stands on the screen as well. */
export function openBrowser(url: string): void {
  const [command, ...args] = {
    darwin: ['open', url],
    // Not `start`, for which a shell would read the signs of the address.
    win32: ['rundll32', 'url.dll,FileProtocolHandler', url],
  }[process.platform as string] ?? ['xdg-open', url]
  spawn(command!, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}
