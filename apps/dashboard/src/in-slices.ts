/** Long work in slices, so that no other request waits for all of it. */
import { setImmediate as letOthersRun } from 'node:timers/promises'

/** The same items. After each `size` of them, whatever else is waiting runs first. */
export async function* inSlices<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  size: number,
): AsyncGenerator<Item, void, undefined> {
  let count = 0
  for await (const item of items) {
    yield item
    if (++count % size === 0) await letOthersRun()
  }
}
