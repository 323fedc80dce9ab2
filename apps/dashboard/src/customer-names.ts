/** What are the customers' names? Those that are not in the database are read from Partner Center in the background. */
import type { PartnerCenter } from '@devicebatch/client'
import type { Tracker } from '@devicebatch/tracker'

/** The names by customer ID, in lowercase. */
export type Names = ReadonlyMap<string, string>

/** A source of customer names. */
export interface CustomerNames {
  /** The names that are known now; each of the others is read once, for the next page. */
  of(customerIds: readonly string[]): Promise<Names>
  /** Reads and keeps the name of one customer; undefined if the service does not return it. */
  read(customerId: string): Promise<string | undefined>
  /** Ends background reads. */
  close(): void
}

/** How long to wait for a name, which is only for display. */
const timeoutMs = 10_000

export function createCustomerNames(
  tracker: Pick<Tracker, 'getCustomerNames' | 'setCustomerName'>,
  { customers }: PartnerCenter,
): CustomerNames {
  const asked = new Set<string>()
  const closing = new AbortController()
  const { signal } = closing

  const read = async (customerId: string): Promise<string | undefined> => {
    asked.add(customerId.toLowerCase())
    try {
      const { companyProfile } = await customers.byId(customerId).get({ signal, retry: false, timeoutMs })
      const name = companyProfile?.companyName || undefined
      if (name !== undefined && !signal.aborted) await tracker.setCustomerName(customerId, name)
      return name
    } catch {
      // A page is complete without the name.
      return undefined
    }
  }
  return {
    read,
    async of(customerIds) {
      const names = await tracker.getCustomerNames(customerIds)
      for (const id of new Set(customerIds.map((one) => one.toLowerCase()))) {
        if (!names.has(id) && !asked.has(id)) void read(id)
      }
      return names
    },
    close: () => closing.abort(),
  }
}
