/** Random numbers that are the same for the same seed on every runtime: splitmix32. */

/** The number from 0 up to 1 that follows this state, and the state after it. */
export function nextRandom(state: number): { value: number; state: number } {
  const next = (state + 0x9e37_79b9) >>> 0
  let mixed = next ^ (next >>> 16)
  mixed = Math.imul(mixed, 0x21f0_aaad)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x735a_2d97)
  mixed ^= mixed >>> 15
  return { value: (mixed >>> 0) / 2 ** 32, state: next }
}
