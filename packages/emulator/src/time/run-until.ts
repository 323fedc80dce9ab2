/** Advances the clock from event to event until a goal is reached. */

import type { EmulatorSettings } from '../options.ts'
import type { EmulatorState, Upload } from '../state/state.ts'
import { lastChangeOf, nextChangeAfter } from '../uploads/lifecycle.ts'
import type { InternalClock, RunUntilGoal } from './clock.ts'
import { turnOfOthers } from './yield-to-others.ts'

/** Runs until the goal is reached; rejects with an `Error` when no events are left before that. */
export async function runUntil(
  clock: InternalClock,
  currentState: () => EmulatorState,
  goal: RunUntilGoal,
  settings: EmulatorSettings,
): Promise<void> {
  if (goal !== 'idle' && typeof goal !== 'function') {
    throw new TypeError(`"goal" must be 'idle' or a function, got ${JSON.stringify(goal)}.`)
  }
  const isReached = goal === 'idle' ? async () => false : goal
  for (;;) {
    if (await isReached()) return
    const now = clock.now()
    const customers = [...currentState().customers.values()]
    const uploads = customers.flatMap((customer) => [...customer.uploads.values()])
    const time =
      goal === 'idle' ? lastEvent(uploads, clock, now, settings) : nextEvent(uploads, clock, now, settings)
    if (time === undefined && goal === 'idle') return
    if (time === undefined) {
      throw new Error(
        'The condition did not come true: nothing is left to happen in the emulator, however far its clock runs. ' +
          'If your program waits for something else, such as a file or its next poll, create the emulator with `timeScale: 60` instead.',
      )
    }
    clock.advance(Math.max(0, Math.ceil(time - now)))
    await turnOfOthers()
  }
}

function nextEvent(
  uploads: readonly Upload[],
  clock: InternalClock,
  now: number,
  settings: EmulatorSettings,
): number | undefined {
  const changes = uploads
    .map((upload) => nextChangeAfter(upload, now, settings))
    .filter((time) => time !== undefined)
  return smallest([...changes, ...clock.awaitedTimes()])
}

function lastEvent(
  uploads: readonly Upload[],
  clock: InternalClock,
  now: number,
  settings: EmulatorSettings,
): number | undefined {
  const changes = uploads.map((upload) => lastChangeOf(upload, settings)).filter((time) => time > now)
  // Code that waits for a response may start something new, so it runs first.
  return smallest(clock.awaitedTimes()) ?? changes.toSorted((one, other) => other - one)[0]
}

function smallest(times: readonly number[]): number | undefined {
  return times.toSorted((one, other) => one - other)[0]
}
