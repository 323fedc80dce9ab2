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
  return seen?.replace(/^::ffff:/, '').slice(0, 45)
}

/** Logs a refusal, with the address it came from. */
export function logRefusal(c: Context<Site>, event: string, message?: string): void {
  c.var.services.log({
    level: 'warn',
    event,
    request: `${c.req.method} ${c.req.path}`,
    ...withAddress(c),
    ...(message !== undefined && { message }),
  })
}

/** Formatted for a log line. */
export function withAddress(c: Context<Site>): { address?: string } {
  const address = addressOf(c)
  return address === undefined ? {} : { address }
}
