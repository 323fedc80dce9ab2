/** What the emulator remembers. Everything that depends on the time is worked out when it is asked for. */

/** Everything that `reset()` forgets, except the clock, the faults and the recorded requests. */
export interface EmulatorState {
  /** By customer id in lower case. Every GUID is a customer; one is made when it first uploads. */
  customers: Map<string, CustomerState>
  /** Who has registered a device: the owner by each of the device's keys (see `deviceKeys`). */
  owners: Map<string, string>
  /** `Location` of each POST that was accepted, by customer id and `MS-RequestId`. */
  acceptedRequests: Map<string, string>
  accessTokens: Map<string, AccessToken>
  refreshTokens: Set<string>
}

export interface CustomerState {
  /** By batch id. */
  batches: Map<string, Batch>
  /** By batch tracking id in lower case. */
  uploads: Map<string, Upload>
}

/** A device batch: a name under which devices are uploaded, once or several times. */
export interface Batch {
  id: string
  createdAt: number
  uploads: Upload[]
}

/** One accepted upload; its status at any time follows from this alone. */
export interface Upload {
  batchTrackingId: string
  submittedAt: number
  queuedMs: number
  processingMs: number
  neverFinishes: boolean
  devices: UploadedDevice[]
}

export interface UploadedDevice {
  serialNumber?: string | undefined
  productKey?: string | undefined
  modelName?: string | undefined
  oemManufacturerName?: string | undefined
  outcome: DeviceOutcome
}

/** How a device ends, decided when it is submitted and shown when its turn has come. */
export type DeviceOutcome =
  | { kind: 'registered'; deviceId: string }
  | { kind: 'failed'; errorCode?: string | undefined; errorDescription?: string | undefined }
  | { kind: 'unresolved'; status: string }

export interface AccessToken {
  kind: 'app' | 'user'
  expiresAt: number
}

export function createState(): EmulatorState {
  return {
    customers: new Map(),
    owners: new Map(),
    acceptedRequests: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Set(),
  }
}

/** The customer's state, undefined when nothing was ever uploaded for it. */
export function findCustomer(state: EmulatorState, customerId: string): CustomerState | undefined {
  return state.customers.get(customerId.toLowerCase())
}

/** The customer's state, made when this is the first upload for it. */
export function getOrAddCustomer(state: EmulatorState, customerId: string): CustomerState {
  let customer = findCustomer(state, customerId)
  if (!customer) {
    customer = { batches: new Map(), uploads: new Map() }
    state.customers.set(customerId.toLowerCase(), customer)
  }
  return customer
}
