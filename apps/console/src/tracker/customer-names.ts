/** Adds the names of the customers to what the tracker lists. */
import type { Tracker } from '@devicebatch/tracker'

/** An item with the name of its customer, if it is known. */
export type Named<T> = T & { customerName?: string }

/** Reads each name once. */
export async function* withCustomerNames<T extends { customerId: string }>(
  tracker: Pick<Tracker, 'getCustomerNames'>,
  items: AsyncIterable<T>,
): AsyncGenerator<Named<T>, void, undefined> {
  const names = new Map<string, string | undefined>()
  for await (const item of items) {
    const { customerId } = item
    if (!names.has(customerId)) {
      const found = await tracker.getCustomerNames([customerId])
      names.set(customerId, found.get(customerId.toLowerCase()))
    }
    const customerName = names.get(customerId)
    yield customerName === undefined ? item : { ...item, customerName }
  }
}
