/** Choices that are the same for the same seed, regardless of the order in which they are made. */

import { nextRandom } from '../faults/random.ts'

/** A number from 0 up to, but not including, 1, determined by the seed and the subject of the decision. */
export function chance(seed: number, ...subject: readonly (string | number)[]): number {
  // FNV-1a of the subject's text.
  let hash = (0x811c_9dc5 ^ seed) >>> 0
  for (const character of subject.join('\n')) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x0100_0193) >>> 0
  }
  return nextRandom(nextRandom(hash).state).value
}

/** One of the items. */
export function choose<T>(
  items: readonly [T, ...T[]],
  seed: number,
  ...subject: readonly (string | number)[]
): T {
  return items[Math.floor(chance(seed, ...subject) * items.length)] ?? items[0]
}
