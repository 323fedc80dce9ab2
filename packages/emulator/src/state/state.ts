/** The emulator's state. Everything that depends on the time is computed on request. */

import { emulatorCredentials } from '../credentials.ts'
import type { EmulatorSettings } from '../options.ts'

/** Everything that `reset()` forgets, except the clock, the faults and the recorded requests. */
export interface EmulatorState {
  /** By customer ID in lowercase. Every GUID is a customer, whose state is created when something is first written for it. */
  customers: Map<string, CustomerState>
  /** Who has registered a device: the owner by each of the device's keys (see `deviceKeys`). */
  owners: Map<string, string>
  /** The first response to each call that changed data, by operation, customer ID and `MS-RequestId`. */
  answers: Map<string, FirstAnswer>
  accessTokens: Map<string, AccessToken>
  refreshTokens: Map<string, RefreshToken>
  authorizationCodes: Map<string, AuthorizationCode>
  /** Counts batches, uploads and devices, so that lists keep one order. */
  sequence: number
  /** How often each operation was called. */
  calls: Map<string, number>
}

export interface CustomerState {
  /** Its names and domains; undefined for one that is not in the list of customers. */
  profile?: CustomerProfile | undefined
  /** By batch ID. */
  batches: Map<string, Batch>
  /** By batch tracking ID in lower case; policy updates are uploads too. */
  uploads: Map<string, Upload>
  /** By policy ID in lower case. */
  policies: Map<string, Policy>
}

/** A customer in the partner's list. */
export interface CustomerProfile {
  customerId: string
  companyName: string
  domain: string
  relationshipToPartner: string
  commerceId: string
  allowDelegatedAccess: boolean
  customDomains: readonly string[]
}

/** A device batch: a name under which devices are uploaded, once or more. */
export interface Batch {
  id: string
  sequence: number
  createdAt: number
  /** It can be read by its name, but is not in the list of batches. */
  unlisted?: boolean | undefined
  /** The tracking IDs of the uploads to it. */
  uploads: string[]
  /** In the order of registration; some are registered only in the future. */
  devices: BatchDevice[]
}

/** A device of a batch, from the moment `registeredAt` until it is deleted. */
export interface BatchDevice {
  id: string
  sequence: number
  registeredAt: number
  /** As it is sent. */
  uploadedDate: string
  serialNumber?: string | undefined
  productKey?: string | undefined
  modelName?: string | undefined
  oemManufacturerName?: string | undefined
  /** Its keys in `owners`. */
  keys: string[]
  policies: PolicyChange[]
}

/** From `at` on, this policy applies to a device; null removes the category's policy. */
export interface PolicyChange {
  at: number
  category: string
  policyId: string | null
}

/** One accepted upload or policy update; its status at any time follows from this alone. */
export interface Upload {
  batchTrackingId: string
  sequence: number
  /** The `MS-RequestId` of the call that started it. */
  requestId?: string | undefined
  /** The batch it belongs to; a policy update belongs to none. */
  batchId?: string | undefined
  submittedAt: number
  queuedMs: number
  processingMs: number
  neverFinishes: boolean
  devices: UploadedDevice[]
}

export interface UploadedDevice {
  /** Known from the start in a policy update. */
  deviceId?: string | undefined
  serialNumber?: string | undefined
  productKey?: string | undefined
  outcome: DeviceOutcome
}

/** The outcome of a device, decided at submission and shown once the device is processed. */
export type DeviceOutcome =
  | { kind: 'succeeded'; deviceId: string }
  | { kind: 'failed'; errorCode?: string | undefined; errorDescription?: string | undefined }
  | { kind: 'unresolved'; status: string }

export interface Policy {
  id: string
  name: string
  category: string
  description?: string | undefined
  policySettings: string[]
  /** Both as they are sent when the policy is read. */
  createdDate: string
  lastModifiedDate: string
}

/** The response to a call, so that a repeated call gets the same one. */
export interface FirstAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

export interface AccessToken {
  kind: 'app' | 'user'
  expiresAt: number
  /** The claims that the API demands instead of accepting this token. */
  challenge?: string | undefined
}

export interface RefreshToken {
  lastUsedAt: number
  mfa: boolean
}

/** What a sign-in at the authorize endpoint was for. */
export interface AuthorizationCode {
  expiresAt: number
  redirectUri: string
  scope: string
  codeChallenge?: string | undefined
  codeChallengeMethod?: string | undefined
  redeemed: boolean
}

/** The state of a new emulator: no customers, and the one refresh token of `emulatorCredentials`. */
export function createState(now: number, settings: EmulatorSettings): EmulatorState {
  return {
    customers: new Map(),
    owners: new Map(),
    answers: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Map([
      [emulatorCredentials.refreshToken, { lastUsedAt: now, mfa: settings.refreshTokenHasMfa }],
    ]),
    authorizationCodes: new Map(),
    sequence: 0,
    calls: new Map(),
  }
}

/** The customer's state; undefined when the customer has no data. */
export function findCustomer(state: EmulatorState, customerId: string): CustomerState | undefined {
  return state.customers.get(customerId.toLowerCase())
}

/** The customer's state, created on first use. */
export function getOrAddCustomer(state: EmulatorState, customerId: string): CustomerState {
  let customer = findCustomer(state, customerId)
  if (!customer) {
    customer = { batches: new Map(), uploads: new Map(), policies: new Map() }
    state.customers.set(customerId.toLowerCase(), customer)
  }
  return customer
}

/** The customers in the partner's list, in the order in which they were added. */
export function listedCustomers({ customers }: EmulatorState): CustomerProfile[] {
  return [...customers.values()].flatMap(({ profile }) => (profile ? [profile] : []))
}

/** The number after the last one that was assigned. */
export function nextSequence(state: EmulatorState): number {
  state.sequence += 1
  return state.sequence
}
