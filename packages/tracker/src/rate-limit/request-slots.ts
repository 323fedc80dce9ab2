/** When may the next request go? Slots for the partner and for each of its customers, shared by all workers. */
import { AsyncLocalStorage } from 'node:async_hooks'

import { wait } from '@devicebatch/edge/internal'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { Settings } from '../options.ts'

/** Which line an appointment was given in. */
export type Line = 'customer' | 'partner'

/** When a request may go. The database knows when that is; by `performance.now()` it lies between two times. */
export interface Slot {
  notBefore: number
  notAfter: number
}

/** A slot that was taken, or when to come again. */
export type Taken = { slot: Slot } | { line: Line; waitMs: number }

export interface RequestSlots {
  /**
   * Takes a slot if it is near; otherwise says when to come again with the appointment in `line`. Who comes without one and
   * finds a line goes to its end.
   */
  tryTake(customerId: string, appointment: Line | undefined): Promise<Taken>
  /** Runs `call`, whose first request goes in this slot. */
  using<T>(slot: Slot, call: () => Promise<T>): Promise<T>
  /** Waits until a request for this customer may go: in the slot it was given, or in one that is taken now. */
  wait(customerId: string, signal: AbortSignal | null | undefined): Promise<void>
  /** Lets no request for this customer go for a while; when another customer pauses already, none of the partner. */
  pause(customerId: string, pauseMs: number): Promise<void>
}

/**
 * So much is added to each minute: a request may reach the service so much later than its slot, and still no minute, as the
 * service sees it, has more requests than the limit. Half of it is for the way there; who is later than the other half takes
 * another slot.
 */
const slackMs = 2_000
/** Who comes without appointment waits for a slot no longer than this; a worker could ask for another upload meanwhile. */
const nearMs = 500
/** Who has an appointment waits longer, since requests that cannot wait may have come between. */
const appointedMs = 5_000

export function createRequestSlots(
  { kysely }: Pick<Database, 'kysely'>,
  { limits }: Pick<Settings, 'limits'>,
): RequestSlots {
  const partnerKey = limits.partner
  const customerKey = (customerId: string): string => `${partnerKey}/${customerId.toLowerCase()}`
  const gapMs = (perMinute: number): number => (60_000 + slackMs) / perMinute
  const tickets = new AsyncLocalStorage<{ slot: Slot | undefined }>()

  /** Without `longestWaitMs` the slot is taken however far it is. */
  const take = async (
    customerId: string,
    longestWaitMs: number | undefined,
    appointment: Line | undefined,
  ): Promise<{ slot: Slot; line: Line | null; waitMs: number }> => {
    const askedAt = performance.now()
    const { rows } = await sql<{ line: Line | null; wait_ms: number }>`
      select line, wait_ms from devicebatch.take_slot(
        ${customerKey(customerId)}, ${partnerKey}, ${milliseconds(gapMs(limits.customerPerMinute))},
        ${milliseconds(gapMs(limits.partnerPerMinute))}, ${longestWaitMs === undefined ? null : milliseconds(longestWaitMs)},
        ${appointment ?? null})`.execute(kysely)
    const { line, wait_ms: waitMs } = rows[0]!
    return { slot: { notBefore: askedAt + waitMs, notAfter: performance.now() + waitMs }, line, waitMs }
  }

  return {
    async tryTake(customerId, appointment) {
      const { slot, line, waitMs } = await take(customerId, appointment ? appointedMs : nearMs, appointment)
      return line ? { line, waitMs } : { slot }
    },
    using: (slot, call) => tickets.run({ slot }, call),
    async wait(customerId, signal) {
      const ticket = tickets.getStore()
      let slot = ticket?.slot
      if (ticket) ticket.slot = undefined
      for (;;) {
        slot ??= (await take(customerId, undefined, undefined)).slot
        await wait(Math.max(0, slot.notAfter - performance.now()), signal)
        if (performance.now() - slot.notBefore < slackMs / 2) return
        slot = undefined
      }
    },
    async pause(customerId, pauseMs) {
      await sql`select devicebatch.pause_requests(
        ${customerKey(customerId)}, ${partnerKey}, ${milliseconds(pauseMs)})`.execute(kysely)
    },
  }
}

/** As PostgreSQL reads an interval. */
export function milliseconds(ms: number): string {
  return `${ms} milliseconds`
}
