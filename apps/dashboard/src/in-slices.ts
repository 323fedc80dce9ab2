/** Splits long work into slices, so that other requests do not have to wait for all of it. */
import { setImmediate as letOthersRun } from 'node:timers/promises'

/** Yields the same items. After every `size` of them, other waiting work runs first. */
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
