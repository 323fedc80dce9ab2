/** Assembles an emulator: state, clock, faults and request handlers. */

import { createControl, isControlCall } from './control/control.ts'
import type { Emulator } from './emulator.ts'
import { damageBody } from './faults/body-effects.ts'
import { createFaults } from './faults/faults.ts'
import type { Call } from './http/app-env.ts'
import { createApp } from './http/app.ts'
import { refuseHost } from './http/hosts.ts'
import { record } from './http/recorded-requests.ts'
import type { RecordedRequest } from './http/recorded-requests.ts'
import { resolveOptions } from './options.ts'
import type { EmulatorOptions } from './options.ts'
import { partnerOptions } from './partner-options.ts'
import { documentedSeed } from './state/documented-seed.ts'
import { addSeed } from './state/seed.ts'
import { checkSnapshot, stateOf, takeSnapshot } from './state/snapshot.ts'
import { createState } from './state/state.ts'
import type { EmulatorState } from './state/state.ts'
import { createClock } from './time/clock.ts'
import { runUntil } from './time/run-until.ts'

/**
 * Creates an emulator; import it from `@devicebatch/emulator`. It runs on every JavaScript runtime.
 *
 * @param options How it behaves where the documentation leaves a choice.
 * @returns The emulator, seeded with the documented examples (`documentedUpload` and related data).
 * @throws `RangeError` or `TypeError` that begins with the option's name when an option is out of range.
 *
 * @example
 * ```ts
 * import { createEmulator } from '@devicebatch/emulator'
 *
 * const emulator = createEmulator({ timeScale: 0 })
 * const answer = await emulator.fetch('https://emulator.test/v1/customers')
 * console.log(answer.status, answer.headers.get('X-Devicebatch-Emulator')) // 401 true
 * ```
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const settings = resolveOptions(options)
  const clock = createClock(settings.startTime, settings.timeScale)
  const faults = createFaults()
  const requests: RecordedRequest[] = []
  const app = createApp(settings)
  let state = newState()

  function newState(): EmulatorState {
    const created = createState(clock.now(), settings)
    addSeed(created, documentedSeed, clock.now(), settings)
    return created
  }

  async function answer(request: Request): Promise<Response> {
    const call: Call = {
      settings,
      clock,
      faults,
      state,
      record: record(requests, request, clock.now()),
      count: 0,
      effect: undefined,
    }
    const response = await app.fetch(request, call)
    request.signal.throwIfAborted()
    const { effect } = call
    call.record.fault = effect?.kind
    call.record.location = response.headers.get('Location') ?? undefined
    if (effect?.kind === 'cut' && effect.afterBytes === undefined)
      throw new TypeError('The emulator cut the connection because of a fault.')
    call.record.status = response.status
    return await damageBody(response, effect, clock, request.signal)
  }

  const emulator: Emulator = {
    async fetch(input, init) {
      const request = input instanceof Request && init === undefined ? input : new Request(input, init)
      request.signal.throwIfAborted()
      const response =
        refuseHost(request, settings.allowedHosts) ??
        (await (isControlCall(request) ? control(request) : answer(request)))
      response.headers.set('X-Devicebatch-Emulator', 'true')
      if (!response.headers.has('Date')) response.headers.set('Date', new Date(clock.now()).toUTCString())
      return response
    },
    partnerOptions: (kind) => partnerOptions(emulator.fetch, kind),
    clock: {
      now: clock.now,
      advance: clock.advance,
      runUntil: (goal) => runUntil(clock, () => state, goal, settings),
    },
    faults,
    quirks: settings.quirks,
    requests,
    seed(seed) {
      // An error in the last part must not leave the first parts behind.
      addSeed(createState(clock.now(), settings), seed, clock.now(), settings)
      addSeed(state, seed, clock.now(), settings)
    },
    reset() {
      clock.reset()
      faults.clear()
      requests.length = 0
      state = newState()
    },
    snapshot: () => takeSnapshot(state, clock.now(), faults.rules()),
    restore(snapshot) {
      const whole = checkSnapshot(snapshot)
      const restored = stateOf(whole)
      faults.restore(whole.faults)
      clock.reset(whole.time)
      state = restored
    },
  }
  const control = createControl(emulator, { settings, requests, faultRules: () => faults.rules() })
  return emulator
}
