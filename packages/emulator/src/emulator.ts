/** The emulator object: a fetch function with its clock, its faults and its recorded requests. */

import type { EmulatorFaults } from './faults/faults.ts'
import type { RecordedRequest } from './http/recorded-requests.ts'
import type { EmulatorPartnerOptions } from './partner-options.ts'
import type { EmulatorQuirks } from './quirks/quirks.ts'
import type { EmulatorSeed } from './state/seed.ts'
import type { EmulatorSnapshot } from './state/snapshot.ts'
import type { EmulatorClock } from './time/clock.ts'

/** Partner Center's device-deployment API in memory, with its token endpoint. Its state is not persisted. */
export interface Emulator {
  /**
   * Responds to a request as the service would, whatever its host; needs no `this`, so it can be passed to a client as its
   * `fetch`. Every response has the header `X-Devicebatch-Emulator: true`. Rejects with the signal's reason when the request is
   * aborted, and with a `TypeError` when a fault cuts the connection. Paths under `/_emulator` control the emulator itself.
   */
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /**
   * The options that make `createPartnerCenter` of `@devicebatch/client` use this emulator: `fetch`, and a credential that
   * signs in there, on behalf of a user (`user`, the default) or app-only (`app`). According to the newest documentation, an
   * app-only token cannot create batches.
   */
  partnerOptions(kind?: 'user' | 'app'): EmulatorPartnerOptions
  /** The emulator's clock, which batches and tokens follow. */
  clock: EmulatorClock
  /** Scripted faults. */
  faults: EmulatorFaults
  /** The effective quirks: the defaults, the profile's random choices, and the options. */
  readonly quirks: Readonly<EmulatorQuirks>
  /** A live view of the last 1,000 requests, oldest first, excluding those that control the emulator. */
  requests: readonly RecordedRequest[]
  /**
   * Adds customers, uploads, batches, devices and policies. Throws a `TypeError` or `RangeError` that names the invalid value,
   * and then adds nothing.
   */
  seed(seed: EmulatorSeed): void
  /** Restores the initial state: its time, the documented examples, no faults, no requests, no tokens. */
  reset(): void
  /** The whole state except the recorded requests, as plain JSON to save, compare or inspect. */
  snapshot(): EmulatorSnapshot
  /** Restores a snapshot, including its time. Throws a `TypeError` when it is not a snapshot of this version. */
  restore(snapshot: EmulatorSnapshot): void
}
