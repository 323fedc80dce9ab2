/**
 * However unkind the service is, every device of every upload is reported as the emulator recorded it, or as unresolved, but never as
 * anything better. `npm run test:unkind` runs more seeds than `npm test` does.
 */
import { afterEach, expect, test, vi } from 'vitest'

import { makeFolder } from '../../shared/temporary-folder.ts'
import { runClient } from './client-run.ts'
import { runCommand } from './command-run.ts'
import type { RunResult } from './judge.ts'
import { makeTemplate, runTracker } from './tracker-run.ts'

const seeds = Array.from({ length: Number(process.env['UNKIND_SEEDS'] ?? 10) }, (_, seed) => seed)

afterEach(() => {
  vi.useRealTimers()
})

test.each([
  { who: 'client', run: runClient },
  { who: 'command', run: runCommand },
])(
  `over ${seeds.length} seeds the $who never reports a better outcome for a device than the emulator recorded`,
  async ({ who, run }) => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
      now: Date.UTC(2030, 0, 1),
    })
    const results: RunResult[] = []
    for (const seed of seeds) results.push(await elapse(run(seed)))
    expectTruth(who, results)
  },
)

// Each takes several seconds, and mostly waits.
const trackerSeeds = process.env['UNKIND_SEEDS'] ? seeds : seeds.slice(0, 4)

test(
  `over ${trackerSeeds.length} seeds the tracker never reports a better outcome for a device than the emulator recorded`,
  { timeout: 3_600_000 },
  async () => {
    const template = await makeFolder()
    await makeTemplate(template)
    const left = [...trackerSeeds]
    const results: RunResult[] = []
    const work = async (): Promise<void> => {
      for (let seed = left.shift(); seed !== undefined; seed = left.shift())
        results.push(await runTracker(seed, template))
    }
    await Promise.all(Array.from({ length: 4 }, work))
    expectTruth('tracker', results)
  },
)

function expectTruth(who: string, results: readonly RunResult[]): void {
  const sum = (of: (result: RunResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0)
  const [devices, told] = [sum((result) => result.devices), sum((result) => result.told)]
  console.log(`${who}: ${results.length} seeds, ${devices} devices, ${told} of them with an outcome`)
  expect(results.flatMap(({ seed, lies }) => lies.map((lie) => `seed ${seed}: ${lie}`))).toEqual([])
  // A program that reports nothing would pass too.
  expect(told / devices).toBeGreaterThan(0.3)
}

/** Lets time pass, timer by timer, until the promise is settled. */
async function elapse<T>(promise: Promise<T>): Promise<T> {
  const state = { isSettled: false }
  const settle = (): void => {
    state.isSettled = true
  }
  promise.then(settle, settle)
  while (!state.isSettled) {
    await vi.advanceTimersToNextTimerAsync()
    // Digests are computed outside this thread.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return promise
}
