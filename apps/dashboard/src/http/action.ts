/** Who changes something: kept with what was changed, and logged. */
import type { Context } from 'hono'

import { describePerson } from '../sign-in/person.ts'
import type { Site } from '../site.ts'
import { withAddress } from './address.ts'

/** As the tracker keeps it; empty if no sign-in is needed. */
export function actor(c: Context<Site>): { by?: string } {
  const { session } = c.var
  return session ? { by: describePerson(session.person) } : {}
}

/** Logs a change, and who made it. */
export function logAction(c: Context<Site>, event: string, submissionId?: string): void {
  c.var.services.log({
    level: 'info',
    event,
    ...actor(c),
    ...(submissionId !== undefined && { submissionId }),
    ...withAddress(c),
  })
}
