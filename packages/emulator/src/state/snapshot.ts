/** The emulator's whole state as plain JSON, and back. */

import { latestTime } from '../check-value.ts'
import type { FaultRule } from '../faults/fault.ts'
import type {
  AccessToken,
  AuthorizationCode,
  Batch,
  CustomerProfile,
  CustomerState,
  EmulatorState,
  FirstAnswer,
  Policy,
  RefreshToken,
  Upload,
} from './state.ts'

/**
 * What `emulator.snapshot()` returns and `emulator.restore()` takes: plain JSON with the time, all data, all tokens and the
 * pending faults, but not the recorded requests. Everything else in it is internal and may change with any version of the
 * emulator, together with `version`.
 */
export interface EmulatorSnapshot {
  /** What this is. */
  readonly format: 'devicebatch-emulator'
  /** The version of the internal format. */
  readonly version: 1
}

/** The complete snapshot. */
export interface WholeSnapshot extends EmulatorSnapshot {
  /** The clock's time, in milliseconds since 1970. */
  readonly time: number
  /** Every customer with data. */
  readonly customers: readonly CustomerSnapshot[]
  /** The customer that has a device, by each of the device's keys. */
  readonly owners: Readonly<Record<string, string>>
  /** The first response to each repeatable call, by operation, customer and `MS-RequestId`. */
  readonly answers: Readonly<Record<string, FirstAnswer>>
  /** Every access token that was issued, by its text. */
  readonly accessTokens: Readonly<Record<string, AccessToken>>
  /** Every refresh token that was issued, by its text. */
  readonly refreshTokens: Readonly<Record<string, RefreshToken>>
  /** Every authorization code that was issued, by its text. */
  readonly authorizationCodes: Readonly<Record<string, AuthorizationCode>>
  /** The last number that was assigned; numbers determine the order of lists. */
  readonly sequence: number
  /** How often each operation was called. */
  readonly calls: Readonly<Record<string, number>>
  /** The pending faults. */
  readonly faults: readonly FaultRule[]
}

/** One customer of a snapshot. */
export interface CustomerSnapshot {
  /** The customer's Microsoft Entra tenant ID, a GUID. */
  readonly customerId: string
  /** Its names and domains; undefined for one that is not in the list of customers. */
  readonly profile?: CustomerProfile | undefined
  /** Its batches, with their devices. */
  readonly batches: readonly Batch[]
  /** Uploads and policy updates, each with its tracking ID, its `MS-RequestId` and its devices. */
  readonly uploads: readonly Upload[]
  /** Its configuration policies. */
  readonly policies: readonly Policy[]
}

/** The state as plain JSON that shares nothing with it. */
export function takeSnapshot(
  state: EmulatorState,
  time: number,
  faults: readonly FaultRule[],
): WholeSnapshot {
  const snapshot: WholeSnapshot = {
    format: 'devicebatch-emulator',
    version: 1,
    time,
    customers: [...state.customers].map(([customerId, { profile, batches, uploads, policies }]) => ({
      customerId,
      profile,
      batches: [...batches.values()],
      uploads: [...uploads.values()],
      policies: [...policies.values()],
    })),
    owners: Object.fromEntries(state.owners),
    answers: Object.fromEntries(state.answers),
    accessTokens: Object.fromEntries(state.accessTokens),
    refreshTokens: Object.fromEntries(state.refreshTokens),
    authorizationCodes: Object.fromEntries(state.authorizationCodes),
    sequence: state.sequence,
    calls: Object.fromEntries(state.calls),
    faults,
  }
  return copy(snapshot)
}

/** Returns the snapshot; throws a `TypeError` when it is not one of this version. */
export function checkSnapshot(snapshot: EmulatorSnapshot): WholeSnapshot {
  const whole = snapshot as WholeSnapshot | null | undefined
  const isSnapshot =
    typeof whole === 'object' &&
    whole?.format === 'devicebatch-emulator' &&
    whole.version === 1 &&
    Number.isFinite(whole.time) &&
    whole.time <= latestTime &&
    Array.isArray(whole.customers) &&
    Array.isArray(whole.faults)
  if (isSnapshot) return whole
  throw new TypeError('"snapshot" must be a snapshot from this version of the emulator, with version 1.')
}

/** Rebuilds the state from a snapshot. */
export function stateOf(snapshot: WholeSnapshot): EmulatorState {
  const { customers, owners, answers, accessTokens, refreshTokens, authorizationCodes, sequence, calls } =
    copy(snapshot)
  return {
    customers: new Map(customers.map((customer) => [customer.customerId, customerOf(customer)])),
    owners: new Map(Object.entries(owners)),
    answers: new Map(Object.entries(answers)),
    accessTokens: new Map(Object.entries(accessTokens)),
    refreshTokens: new Map(Object.entries(refreshTokens)),
    authorizationCodes: new Map(Object.entries(authorizationCodes)),
    sequence,
    calls: new Map(Object.entries(calls)),
  }
}

function customerOf({ profile, batches, uploads, policies }: CustomerSnapshot): CustomerState {
  return {
    profile,
    batches: new Map(batches.map((batch) => [batch.id, batch])),
    uploads: new Map(uploads.map((upload) => [upload.batchTrackingId.toLowerCase(), upload])),
    policies: new Map(policies.map((policy) => [policy.id.toLowerCase(), policy])),
  }
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
