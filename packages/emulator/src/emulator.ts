/** The emulator as a value: a fetch function with its clock, its faults and its record of requests. */

import type { EmulatorFaults } from './faults/faults.ts'
import type { RecordedRequest } from './http/recorded-requests.ts'
import type { EmulatorPartnerOptions } from './partner-options.ts'
import type { EmulatorQuirks } from './quirks/quirks.ts'
import type { EmulatorSeed } from './state/seed.ts'
import type { EmulatorSnapshot } from './state/snapshot.ts'
import type { EmulatorClock } from './time/clock.ts'

/** Partner Center's device-deployment API in memory, with its token endpoint. Everything in it is gone with it. */
export interface Emulator {
  /**
   * Answers a request as the service would, whatever its host; needs no `this`, so that it can be given to a client as
   * its `fetch`. Every answer carries the header `X-Devicebatch-Emulator: true`. Rejects with the signal's reason when
   * the request is aborted, and with a `TypeError` when a fault cuts the connection. Paths below `/_emulator` control the
   * emulator itself.
   */
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /**
   * What `createPartnerCenter` of `@devicebatch/client` takes to talk to this emulator: `fetch`, and a credential that signs
   * in there, as a user with the app (`user`, the default) or as the app alone (`app`), who may not create batches by the
   * newest documents.
   */
  partnerOptions(kind?: 'user' | 'app'): EmulatorPartnerOptions
  /** The emulator's time; batches and tokens follow it. */
  clock: EmulatorClock
  /** Scripted misbehaviour. */
  faults: EmulatorFaults
  /** The quirks in force: the defaults, what the profile drew from the seed, and what the options say. */
  readonly quirks: Readonly<EmulatorQuirks>
  /** The last 1,000 requests, the oldest first: a live view. Those that control the emulator are not among them. */
  requests: readonly RecordedRequest[]
  /**
   * Adds customers, uploads, batches, devices and policies. Throws a `TypeError` or `RangeError` that names what is wrong, and then
   * adds nothing.
   */
  seed(seed: EmulatorSeed): void
  /** Goes back to how the emulator was created: its time, the documented examples, no faults, no requests, no tokens. */
  reset(): void
  /** Everything but the recorded requests as plain JSON: to keep, to compare, to look into. */
  snapshot(): EmulatorSnapshot
  /** Goes back to a snapshot, its time included. Throws a `TypeError` when it is none of this version. */
  restore(snapshot: EmulatorSnapshot): void
}
