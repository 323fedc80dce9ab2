/**
 * Every device of every upload ends as what the emulator's own record says, or as unresolved, never as something better, however
 * unkind the service is. `UNKIND_SEEDS=200 npx vitest run endurance/unkind` runs more seeds than `npm test` does.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { RunResult } from './client-run.ts'
import { runClient } from './client-run.ts'

const seeds = Array.from({ length: Number(process.env['UNKIND_SEEDS'] ?? 20) }, (_, seed) => seed)

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
    now: Date.UTC(2030, 0, 1),
  })
})
afterEach(() => {
  vi.useRealTimers()
})

test(
  `over ${seeds.length} seeds the client never reports a better outcome for a device than the emulator recorded`,
  { timeout: 600_000 },
  async () => {
    const results: RunResult[] = []
    for (const seed of seeds) results.push(await elapse(runClient(seed)))
    const sum = (of: (result: RunResult) => number): number =>
      results.reduce((total, result) => total + of(result), 0)
    const [devices, told] = [sum((result) => result.devices), sum((result) => result.told)]
    console.log(`${seeds.length} seeds, ${devices} devices, ${told} of them with an outcome`)
    expect(results.flatMap(({ seed, lies }) => lies.map((lie) => `seed ${seed}: ${lie}`))).toEqual([])
    // Who says nothing does not lie either.
    expect(told / devices).toBeGreaterThan(0.3)
  },
)

/** Lets time pass, timer by timer, until the promise is settled. */
async function elapse<T>(promise: Promise<T>): Promise<T> {
  const state = { isSettled: false }
  const settle = (): void => {
    state.isSettled = true
  }
  promise.then(settle, settle)
  while (!state.isSettled) {
    await vi.advanceTimersToNextTimerAsync()
    // Digests are made outside of this thread.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return promise
}
