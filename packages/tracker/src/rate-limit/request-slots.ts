/** When may the next request be sent? Slots for the partner and for each of its customers, shared by all workers. */
import { wait } from '@devicebatch/edge/internal'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { RequestQueue } from '../database/schema.ts'
import { createSqlStatement } from '../database/statement.ts'
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

/** What a statement with `selectSlot` returns: `queue` is `null` for a slot. */
export interface SelectedSlot {
  queue: RequestQueue | null
  wait_ms: number
}

/**
 * Takes a slot, or makes a reservation, for each row of a statement. The parameters are columns or values of it; without a customer,
 * it returns no row.
 */
export function selectSlot(
  customerId: RawBuilder<unknown>,
  reservation: RawBuilder<unknown>,
  longestWait: RawBuilder<unknown> = longestWaitOf(reservation),
): RawBuilder<SelectedSlot> {
  return sql<SelectedSlot>`select line as queue, wait_ms from devicebatch.take_slot(
    ${`${partnerKey}/`} || lower(${customerId}::text), ${partnerKey}, ${longestWait}::interval, ${reservation}::text)`
}

function longestWaitOf(reservation: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when ${reservation}::text is null then ${milliseconds(nearMs)} else ${milliseconds(reservedMs)} end`
}

/** What a statement took that began at this time. */
export function toTaken({ queue, wait_ms: waitMs }: SelectedSlot, startedAt: number): Taken {
  return queue ? { queue, waitMs } : { slot: slotAfter(waitMs, startedAt) }
}

function slotAfter(waitMs: number, startedAt: number): Slot {
  return { notBefore: startedAt + waitMs, notAfter: performance.now() + waitMs }
}

const takeSlot = createSqlStatement<{ customerId: string }, SelectedSlot>((value) =>
  selectSlot(value('customerId'), sql`null`, sql`null`),
)

const tryTakeSlot = createSqlStatement<
  { customerId: string; reservation: RequestQueue | null },
  SelectedSlot
>((value) => selectSlot(value('customerId'), value('reservation')))

export function createRequestSlots({ kysely }: Pick<Database, 'kysely'>): RequestSlots {
  /** The next slot, however far off it is. */
  const takeAny = async (customerId: string): Promise<Slot> => {
    const startedAt = performance.now()
    const [slot] = await takeSlot(kysely, { customerId })
    return slotAfter(slot!.wait_ms, startedAt)
  }

  return {
    async tryTake(customerId, reservation) {
      const startedAt = performance.now()
      const [slot] = await tryTakeSlot(kysely, { customerId, reservation: reservation ?? null })
      return toTaken(slot!, startedAt)
    },
    async wait(customerId, signal) {
      const run = currentRun()
      let slot = run?.slot
      if (run) run.slot = undefined
      for (;;) {
        slot ??= await takeAny(customerId)
        const waitMs = Math.max(0, slot.notAfter - performance.now())
        if (waitMs > longWaitMs) run?.onLongWait?.(waitMs)
        await wait(waitMs, signal)
        if (performance.now() - slot.notBefore < slackMs / 2) return
        slot = undefined
      }
    },
    async pause(customerId, pauseMs) {
      await sql`select devicebatch.pause_requests(
        ${`${partnerKey}/${customerId.toLowerCase()}`}, ${partnerKey}, ${milliseconds(pauseMs)})`.execute(
        kysely,
      )
    },
  }
}

/** An interval in PostgreSQL notation. */
export function milliseconds(ms: number): string {
  return `${ms} milliseconds`
}
