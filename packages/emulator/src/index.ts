/**
 * Partner Center's device-deployment API on your machine, with a clock that you control.
 *
 * @module @devicebatch/emulator
 */
export { createEmulator } from './create-emulator.ts'
export { emulatorCredentials } from './credentials.ts'
export { documentedUpload } from './state/documented-seed.ts'

export type { EmulatorClock, RunUntilGoal } from './time/clock.ts'
export type { Emulator } from './emulator.ts'
export type { Fault, FaultEffect } from './faults/fault.ts'
export type { EmulatorFaults } from './faults/faults.ts'
export type { EmulatorOperation } from './operations.ts'
export type { EmulatorOptions } from './options.ts'
export type { EmulatorPartnerOptions } from './partner-options.ts'
export type { EmulatorQuirks, StatusSpelling, TimeForm } from './quirks/quirks.ts'
export type { RecordedRequest } from './http/recorded-requests.ts'
export type { RetryAfter, RetryAfterForm } from './http/retry-after.ts'
export type {
  EmulatorSeed,
  RegisteredDevice,
  SeedBatch,
  SeedBatchDevice,
  SeedCustomer,
  SeedDevice,
  SeedPolicy,
  SeedUpload,
} from './state/seed.ts'
export type { EmulatorSnapshot } from './state/snapshot.ts'
