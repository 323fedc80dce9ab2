/** Where does a request come from? */
import type { Context } from 'hono'

import type { Site } from '../site.ts'

/** The visitor's address, for the log and the limit of wrong tokens; `undefined` where the runtime does not tell it. */
export function addressOf(c: Context<Site>): string | undefined {
  // The proxy in front of a public address appends what it saw; all before that, anybody can write.
  const forwarded = c.var.services.isBehindProxy
    ? c.req.header('X-Forwarded-For')?.split(',').at(-1)?.trim()
    : undefined
  const bindings = c.env as Site['Bindings'] | undefined
  const seen = forwarded || bindings?.incoming?.socket.remoteAddress
  return seen?.replace(/^::ffff:/, '').slice(0, 45)
}

/** Logs what was refused, with where it came from. */
export function logRefusal(c: Context<Site>, event: string, message?: string): void {
  c.var.services.log({
    level: 'warn',
    event,
    request: `${c.req.method} ${c.req.path}`,
    ...withAddress(c),
    ...(message !== undefined && { message }),
  })
}

/** As a log line has it. */
export function withAddress(c: Context<Site>): { address?: string } {
  const address = addressOf(c)
  return address === undefined ? {} : { address }
}
