/** What are the customers' names? Those that are not in the database are read from Partner Center in the background. */
import type { PartnerCenter } from '@devicebatch/client'
import { isPartnerCenterError } from '@devicebatch/client'
import type { Tracker } from '@devicebatch/tracker'

import { lookupTimeoutMs } from './lookup-timeout.ts'

/** The names by customer ID, in lowercase. */
export type Names = ReadonlyMap<string, string>

/** A source of customer names. */
export interface CustomerNames {
  /** The names that are known now; the others are read one after another, for the next pages. */
  of(customerIds: readonly string[]): Promise<Names>
  /** Reads and keeps the name of one customer; undefined if the service does not return it. */
  read(customerId: string): Promise<string | undefined>
  /** Ends background reads. */
  close(): void
}

/** How long no name is read for a page after the service did not respond to that, or was busy, in milliseconds. */
const pauseMs = 60_000

export function createCustomerNames(
  tracker: Pick<Tracker, 'getCustomerNames' | 'setCustomerName'>,
  { customers }: PartnerCenter,
): CustomerNames {
  /** Customers whose names need not be read again: the service has said what there is. */
  const answered = new Set<string>()
  const waiting = new Set<string>()
  const closing = new AbortController()
  const { signal } = closing
  let isReading = false
  let pausedUntil = 0

  const read = async (customerId: string): Promise<string | undefined> => {
    const options = { signal, retry: false, timeoutMs: lookupTimeoutMs } as const
    const { companyProfile } = await customers.byId(customerId).get(options)
    const name = companyProfile?.companyName || undefined
    if (name !== undefined && !signal.aborted) await tracker.setCustomerName(customerId, name)
    answered.add(customerId.toLowerCase())
    return name
  }
  /** One at a time: the requests of a page must not use up the limits that the worker needs. */
  const readWaiting = async (): Promise<void> => {
    if (isReading) return
    isReading = true
    for (const customerId of waiting) {
      try {
        await read(customerId)
      } catch (error) {
        // A page is complete without the name.
        if (
          isPartnerCenterError(error) &&
          error.code === 'api' &&
          (error.status === 403 || error.status === 404)
        ) {
          answered.add(customerId)
        } else {
          waiting.clear()
          pausedUntil = Date.now() + pauseMs
        }
      }
      waiting.delete(customerId)
    }
    isReading = false
  }
  return {
    read: (customerId) => read(customerId).catch(() => undefined),
    async of(customerIds) {
      const names = await tracker.getCustomerNames(customerIds)
      if (Date.now() < pausedUntil) return names
      for (const id of new Set(customerIds.map((one) => one.toLowerCase()))) {
        if (!names.has(id) && !answered.has(id)) waiting.add(id)
      }
      void readWaiting()
      return names
    },
    close() {
      waiting.clear()
      closing.abort()
    },
  }
}
