/** Where does a request come from? */
import type { Context } from 'hono'

import type { Site } from '../site.ts'

/** The visitor's address, for the log and the limit on wrong tokens; `undefined` if the runtime does not report it. */
export function addressOf(c: Context<Site>): string | undefined {
  // The proxy appends the address that it saw; anybody can forge everything before that.
  const forwarded = c.var.services.isBehindProxy
    ? c.req.header('X-Forwarded-For')?.split(',').at(-1)?.trim()
    : undefined
  const bindings = c.env as Site['Bindings'] | undefined
  const seen = forwarded || bindings?.incoming?.socket.remoteAddress
  return (
    seen &&
    withoutPort(seen)
      .replace(/^::ffff:/, '')
      .slice(0, 45)
  )
}

/** Some proxies, such as that of Azure App Service, add the port of the visitor, which changes with each connection. */
function withoutPort(address: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^([\d.]+):\d+$/, '$1')
}

/** Logs a refusal, with the address it came from. */
export function logRefusal(c: Context<Site>, event: string, message?: string): void {
  c.var.services.log({
    level: 'warn',
    event,
    method: c.req.method,
    path: c.req.path,
    ...withAddress(c),
    ...(message !== undefined && { message }),
  })
}

/** For a log line: which request it is about, and where that came from. */
export function withAddress(c: Context<Site>): { requestId: string; address?: string } {
  const { requestId } = c.var
  const address = addressOf(c)
  return address === undefined ? { requestId } : { requestId, address }
}
