/** When may the next request be sent? Slots for the partner and for each of its customers, shared by all workers. */
import { wait } from '@devicebatch/edge/internal'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { RequestQueue } from '../database/schema.ts'
import type { Slot } from './request-run.ts'
import { currentRun } from './request-run.ts'

/** A slot, or a reservation to come back later. */
export type Taken = { slot: Slot } | { queue: RequestQueue; waitMs: number }

export interface RequestSlots {
  /**
   * Takes a slot if one is near; otherwise returns when to come back with the reservation in `queue`. A caller without a
   * reservation joins the end of the queue.
   */
  tryTake(customerId: string, reservation: RequestQueue | undefined): Promise<Taken>
  /** Waits until a request for this customer may be sent, in the slot of the current run or in one that it takes now. */
  wait(customerId: string, signal: AbortSignal | null | undefined): Promise<void>
  /** Pauses requests for this customer; if another customer is paused already, pauses all requests of the partner. */
  pause(customerId: string, pauseMs: number): Promise<void>
}

/**
 * Added to each minute: a request may reach the service this much later than its slot, and the service still sees no minute
 * with more requests than the limit. Half of it allows for the network; a caller that is later than the other half takes
 * another slot.
 */
const slackMs = 2_000
/** The longest wait for a slot without a reservation; a worker can poll another upload instead. */
const nearMs = 500
/** From this wait on, a worker does something else instead. */
export const longWaitMs = 10_000
/** The longest wait with a reservation, because requests that cannot wait may have taken earlier slots. */
const reservedMs = 5_000

/** The key of the limit for all customers together; those of the customers begin with it. */
export const partnerKey = 'partner'

export function createRequestSlots({ kysely }: Pick<Database, 'kysely'>): RequestSlots {
  const customerKey = (customerId: string): string => `${partnerKey}/${customerId.toLowerCase()}`

  /** Without `longestWaitMs`, the slot is taken however far off it is. */
  const take = async (
    customerId: string,
    longestWaitMs: number | undefined,
    reservation: RequestQueue | undefined,
  ): Promise<{ slot: Slot; queue: RequestQueue | null; waitMs: number }> => {
    const startedAt = performance.now()
    const { rows } = await sql<{ queue: RequestQueue | null; wait_ms: number }>`
      select line as queue, wait_ms from devicebatch.take_slot(
        ${customerKey(customerId)}, ${partnerKey},
        ${longestWaitMs === undefined ? null : milliseconds(longestWaitMs)}::interval, ${reservation ?? null})`.execute(
      kysely,
    )
    const { queue, wait_ms: waitMs } = rows[0]!
    return { slot: { notBefore: startedAt + waitMs, notAfter: performance.now() + waitMs }, queue, waitMs }
  }

  return {
    async tryTake(customerId, reservation) {
      const { slot, queue, waitMs } = await take(customerId, reservation ? reservedMs : nearMs, reservation)
      return queue ? { queue, waitMs } : { slot }
    },
    async wait(customerId, signal) {
      const run = currentRun()
      let slot = run?.slot
      if (run) run.slot = undefined
      for (;;) {
        slot ??= (await take(customerId, undefined, undefined)).slot
        const waitMs = Math.max(0, slot.notAfter - performance.now())
        if (waitMs > longWaitMs) run?.onLongWait?.(waitMs)
        await wait(waitMs, signal)
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

/** An interval in PostgreSQL notation. */
export function milliseconds(ms: number): string {
  return `${ms} milliseconds`
}
