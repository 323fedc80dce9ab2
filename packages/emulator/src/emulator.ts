/** The emulator as a value: a fetch function with its clock, its faults and its record of requests. */

import { createApp } from './app.ts'
import type { Call } from './app.ts'
import { createClock } from './clock.ts'
import type { EmulatorClock } from './clock.ts'
import { createFaults } from './faults.ts'
import type { EmulatorFaults } from './faults.ts'
import { resolveOptions } from './options.ts'
import type { EmulatorOptions } from './options.ts'
import { record } from './requests.ts'
import type { RecordedRequest } from './requests.ts'
import { addSeed, documentedSeed } from './seed.ts'
import type { EmulatorSeed } from './seed.ts'
import { createState } from './state.ts'

/** Partner Center's device-deployment API in memory, with its token endpoint. Everything in it is gone with it. */
export interface Emulator {
  /**
   * Answers a request as the service would, whatever its host; needs no `this`, so that it can be given to a client as
   * its `fetch`. Every answer carries the header `X-Devicebatch-Emulator: true`. Rejects with the signal's reason when
   * the request is aborted, and with a `TypeError` when a fault cuts the connection.
   */
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** The emulator's time; batches and tokens follow it. */
  clock: EmulatorClock
  /** Scripted misbehaviour. */
  faults: EmulatorFaults
  /** The last 1,000 requests, the oldest first: a live view. */
  requests: readonly RecordedRequest[]
  /** Adds uploads and devices. Throws a `TypeError` or `RangeError` that names the property that is wrong. */
  seed(seed: EmulatorSeed): void
  /** Goes back to how the emulator was created: its time, the documented upload, no faults, no requests, no tokens. */
  reset(): void
}

/**
 * Makes an emulator; import it from `@devicebatch/emulator`. It runs on every JavaScript runtime.
 *
 * @param options How it behaves where the documents leave a choice.
 * @returns The emulator, seeded with the documented upload (`documentedUpload`).
 * @throws `RangeError` that begins with the option's name when an option is out of range.
 *
 * @example
 * ```ts
 * import { createEmulator } from '@devicebatch/emulator'
 *
 * const emulator = createEmulator({ timeScale: 0 })
 * const answer = await emulator.fetch('https://emulator.test/v1/customers')
 * console.log(answer.status, answer.headers.get('X-Devicebatch-Emulator')) // 404 true
 * ```
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const settings = resolveOptions(options)
  const clock = createClock(settings.startTime, settings.timeScale)
  const faults = createFaults()
  const requests: RecordedRequest[] = []
  const app = createApp(settings)
  let state = createState()
  addSeed(state, documentedSeed, clock.now(), settings)

  return {
    clock,
    faults,
    requests,
    async fetch(input, init) {
      const request = input instanceof Request && init === undefined ? input : new Request(input, init)
      request.signal.throwIfAborted()
      const call: Call = {
        settings,
        clock,
        faults,
        state,
        record: record(requests, request, clock.now()),
        cut: false,
      }
      const response = await app.fetch(request, call)
      request.signal.throwIfAborted()
      if (call.cut) throw new TypeError('The emulator cut the connection, as a fault asked it to.')
      call.record.status = response.status
      response.headers.set('X-Devicebatch-Emulator', 'true')
      return response
    },
    seed(seed) {
      addSeed(state, seed, clock.now(), settings)
    },
    reset() {
      clock.reset()
      faults.clear()
      requests.length = 0
      state = createState()
      addSeed(state, documentedSeed, clock.now(), settings)
    },
  }
}
