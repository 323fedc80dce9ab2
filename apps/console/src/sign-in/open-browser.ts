/** Opens a URL in the user's browser, if there is one. */
import { spawn } from 'node:child_process'

/** Tries to open it; a failure is not reported, because the URL is also on the screen. */
export function openBrowser(url: string): void {
  const [command, ...args] = {
    darwin: ['open', url],
    // Not `start`, which would have a shell interpret the URL.
    win32: ['rundll32', 'url.dll,FileProtocolHandler', url],
  }[process.platform as string] ?? ['xdg-open', url]
  spawn(command!, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}
