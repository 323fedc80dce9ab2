/** The context that every handler gets with a request. */

import type { FaultEffect } from '../faults/fault.ts'
import type { InternalFaults } from '../faults/faults.ts'
import type { EmulatorSettings } from '../options.ts'
import type { AccessToken, EmulatorState } from '../state/state.ts'
import type { InternalClock } from '../time/clock.ts'
import type { OpenRecord } from './recorded-requests.ts'

/** What a handler finds in `c.env`: the emulator, and what is known of this call. */
export interface Call {
  settings: EmulatorSettings
  clock: InternalClock
  faults: InternalFaults
  state: EmulatorState
  record: OpenRecord
  /** The number of this call among those of its operation, from 1. */
  count: number
  /** The fault that affects this call. */
  effect: FaultEffect | undefined
}

/** Hono's names for both: `c.env` and `c.var`. */
export interface AppEnv {
  Bindings: Call
  Variables: { token: AccessToken }
}
