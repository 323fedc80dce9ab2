/** What are the customers called? Names that the database does not have are read from Partner Center in the background. */
import type { PartnerCenter } from '@devicebatch/client'
import type { Tracker } from '@devicebatch/tracker'

/** The names by the ids of the customers, in lower case. */
export type Names = ReadonlyMap<string, string>

/** The names of customers. */
export interface CustomerNames {
  /** Those that are known now; each of the others is read once, for the next page. */
  of(customerIds: readonly string[]): Promise<Names>
  /** Reads the name of one customer, and keeps it; undefined where the service does not tell. */
  read(customerId: string): Promise<string | undefined>
  /** Ends what is read in the background. */
  close(): void
}

/** How long a name is waited for: it is only for people. */
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
      // A page without the name says what it has to say.
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
