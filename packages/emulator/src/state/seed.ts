/** The data that a test adds to the emulator without a request. */

import { checkMember, numberFrom, parseTime } from '../check-value.ts'
import { addToBatch } from '../devices/batch-devices.ts'
import { deviceKeys } from '../devices/keys.ts'
import type { EmulatorSettings } from '../options.ts'
import { readCategory } from '../policies/words.ts'
import { parseWireTime, preciseWireTime } from '../time/wire-time.ts'
import { failure } from '../uploads/magic-serials.ts'
import { getOrAddBatch, submit } from '../uploads/submit.ts'
import { listOf, readSettings, requireGuid, requireText, requireTexts } from './check-seed.ts'
import { getOrAddCustomer, nextSequence } from './state.ts'
import type { BatchDevice, EmulatorState } from './state.ts'

/** The data that `emulator.seed()` adds. Times refer to the emulator's clock, and are UTC when they have no zone. */
export interface EmulatorSeed {
  /** Customers in the partner's list; an existing one gets the new names. */
  customers?: readonly SeedCustomer[] | undefined
  /** Uploads that were accepted without a request, at any time, including the past. */
  uploads?: readonly SeedUpload[] | undefined
  /** Devices that a tenant registered by other means: 806 for that customer, 808 for all others. */
  registeredDevices?: readonly RegisteredDevice[] | undefined
  /** Batches whose devices are already registered; an existing batch gets the devices as well. */
  batches?: readonly SeedBatch[] | undefined
  /** Configuration policies. */
  policies?: readonly SeedPolicy[] | undefined
}

/** A customer of the partner. */
export interface SeedCustomer {
  /** The customer's Microsoft Entra tenant ID, a GUID. */
  customerId: string
  /** The name of the company. */
  companyName: string
  /** Its domain, such as `contoso.onmicrosoft.com`. */
  domain: string
  /** Default `reseller`; with any other value, everything except reading the customer is refused with 403 and code 20002. */
  relationshipToPartner?: string | undefined
  /** Its commerce ID. Default: a random GUID. */
  commerceId?: string | undefined
  /** Whether the partner may administer it; default false. */
  allowDelegatedAccess?: boolean | undefined
  /** All its domains. Default: only `domain`. */
  customDomains?: readonly string[] | undefined
}

/** One upload. */
export interface SeedUpload {
  /** GUID. */
  customerId: string
  /** The batch it belongs to; one that begins with `EMUSTUCK-` never finishes. */
  batchId: string
  /** GUID. Default: a random one, so its status cannot be requested. */
  batchTrackingId?: string | undefined
  /** When it was accepted: an ISO 8601 time, UTC when it has no zone. Default: the clock's time. */
  submittedAt?: string | undefined
  /** How long it is queued, in milliseconds; 0 or more. Default: the emulator's. */
  queuedMs?: number | undefined
  /** How long it is processed, in milliseconds; 0 or more. Default: the emulator's. */
  processingMs?: number | undefined
  /** The uploaded devices. */
  devices: readonly SeedDevice[]
}

/** A device of an upload, with the values that its result shows. */
export interface SeedDevice {
  /** The serial number. */
  serialNumber?: string | undefined
  /** The Windows product ID (PKID). */
  productKey?: string | undefined
  /** The model. */
  modelName?: string | undefined
  /** The manufacturer. */
  oemManufacturerName?: string | undefined
  /** The device fails with this code, such as `808`; without it, it ends as it would in a request. */
  errorCode?: string | undefined
}

/** A device that a tenant has registered, found by either of its identifiers. */
export interface RegisteredDevice {
  /** GUID of the tenant that has the device. */
  customerId: string
  /** The serial number. */
  serialNumber?: string | undefined
  /** The Windows product ID (PKID). */
  productKey?: string | undefined
}

/** A batch that exists without an upload. */
export interface SeedBatch {
  /** GUID. */
  customerId: string
  /** Its name. */
  batchId: string
  /** When it was created: an ISO 8601 time; default is the clock's time. */
  createdAt?: string | undefined
  /** Whether the list of batches omits it. Default false. */
  unlisted?: boolean | undefined
  /** The devices in it. */
  devices: readonly SeedBatchDevice[]
}

/** A registered device. */
export interface SeedBatchDevice {
  /** Free text; default is a random GUID. */
  id?: string | undefined
  /** The serial number. */
  serialNumber?: string | undefined
  /** The Windows product ID (PKID). */
  productKey?: string | undefined
  /** The model. */
  modelName?: string | undefined
  /** The manufacturer. */
  oemManufacturerName?: string | undefined
  /** Sent as it is; default is the clock's time with seven digits and an offset. */
  uploadedDate?: string | undefined
  /** The ID of a policy of the customer, for the category `o_o_b_e`. */
  policyId?: string | undefined
  /** Uploading the device again fails with 806, and with 808 for another customer; default true. */
  taken?: boolean | undefined
}

/** A configuration policy. */
export interface SeedPolicy {
  /** GUID. */
  customerId: string
  /** GUID; default is a random one. */
  id?: string | undefined
  /** Its name. */
  name: string
  /** `o_o_b_e` (the default) or `none`. */
  category?: string | undefined
  /** Its description. Default: none. */
  description?: string | undefined
  /** Default none at all. */
  policySettings?: readonly string[] | undefined
  /** Sent as it is; default is the clock's time with seven digits and an offset. */
  createdDate?: string | undefined
  /** Sent as it is; default is `createdDate`. */
  lastModifiedDate?: string | undefined
}

/** In the order in which they are added. */
const parts = ['registeredDevices', 'customers', 'policies', 'batches', 'uploads'] as const

/**
 * Adds the seed to the state. Throws a `TypeError` or `RangeError` that names the invalid property, whatever the state contains;
 * the parts of the seed before it have been added by then.
 */
export function addSeed(
  state: EmulatorState,
  seed: EmulatorSeed,
  now: number,
  settings: EmulatorSettings,
): void {
  for (const name of Object.keys(seed)) checkMember('a part of a seed', name, parts)
  for (const { customerId, ...device } of listOf('registeredDevices', seed.registeredDevices ?? [])) {
    requireGuid('customerId', customerId)
    requireTexts(device)
    for (const key of deviceKeys(device)) state.owners.set(key, customerId.toLowerCase())
  }
  for (const customer of listOf('customers', seed.customers ?? [])) addCustomer(state, customer)
  for (const policy of listOf('policies', seed.policies ?? [])) addPolicy(state, policy, now)
  for (const batch of listOf('batches', seed.batches ?? [])) addBatch(state, batch, now)
  for (const upload of listOf('uploads', seed.uploads ?? [])) addUpload(state, upload, now, settings)
}

function addCustomer(state: EmulatorState, seed: SeedCustomer): void {
  const {
    customerId,
    companyName,
    domain,
    relationshipToPartner = 'reseller',
    customDomains = [domain],
  } = seed
  const { commerceId = crypto.randomUUID(), allowDelegatedAccess = false } = seed
  requireGuid('customerId', customerId)
  requireText('companyName', companyName)
  requireText('domain', domain)
  requireTexts({ relationshipToPartner, commerceId })
  if (typeof allowDelegatedAccess !== 'boolean') {
    throw new TypeError(
      `"allowDelegatedAccess" must be true or false, got ${JSON.stringify(allowDelegatedAccess)}.`,
    )
  }
  if (!Array.isArray(customDomains)) throw new TypeError('"customDomains" must be an array of domains.')
  for (const name of customDomains) requireText('customDomains', name)
  getOrAddCustomer(state, customerId).profile = {
    customerId,
    companyName,
    domain,
    relationshipToPartner,
    commerceId,
    allowDelegatedAccess,
    customDomains,
  }
}

function addUpload(state: EmulatorState, upload: SeedUpload, now: number, settings: EmulatorSettings): void {
  const batchTrackingId = upload.batchTrackingId ?? crypto.randomUUID()
  requireGuid('customerId', upload.customerId)
  requireText('batchId', upload.batchId)
  requireGuid('batchTrackingId', batchTrackingId)
  submit(state, {
    customerId: upload.customerId,
    batchId: upload.batchId,
    batchTrackingId,
    submittedAt: upload.submittedAt === undefined ? now : parseTime('submittedAt', upload.submittedAt),
    queuedMs: numberFrom(0, 'queuedMs', upload.queuedMs ?? settings.queuedMs),
    processingMs: numberFrom(0, 'processingMs', upload.processingMs ?? settings.processingMs),
    devices: listOf('devices', upload.devices).map((seed) => {
      requireTexts(seed)
      const { errorCode, ...device } = seed
      return { ...device, outcome: errorCode === undefined ? undefined : failure(errorCode) }
    }),
  })
}

function addBatch(state: EmulatorState, seed: SeedBatch, now: number): void {
  requireGuid('customerId', seed.customerId)
  requireText('batchId', seed.batchId)
  const createdAt = seed.createdAt === undefined ? now : parseTime('createdAt', seed.createdAt)
  const registeredAt = Math.min(createdAt, now)
  const devices = listOf('devices', seed.devices).map((device): BatchDevice => {
    requireTexts(device)
    const { id, uploadedDate, policyId, taken = true, ...properties } = device
    if (uploadedDate !== undefined) parseWireTime('uploadedDate', uploadedDate)
    if (policyId !== undefined) requireGuid('policyId', policyId)
    return {
      ...properties,
      id: id ?? crypto.randomUUID(),
      sequence: nextSequence(state),
      registeredAt,
      uploadedDate: uploadedDate ?? preciseWireTime(now),
      keys: taken ? deviceKeys(device) : [],
      policies:
        policyId === undefined
          ? []
          : [{ at: registeredAt, category: 'o_o_b_e', policyId: policyId.toLowerCase() }],
    }
  })
  const batch = getOrAddBatch(state, getOrAddCustomer(state, seed.customerId), seed.batchId, createdAt)
  batch.unlisted = seed.unlisted === true ? true : undefined
  addToBatch(batch, devices)
  for (const key of devices.flatMap(({ keys }) => keys)) state.owners.set(key, seed.customerId.toLowerCase())
}

function addPolicy(state: EmulatorState, seed: SeedPolicy, now: number): void {
  const { customerId, id = crypto.randomUUID(), name, description } = seed
  requireGuid('customerId', customerId)
  requireGuid('id', id)
  requireText('name', name)
  const category = readCategory(seed.category ?? 'o_o_b_e')
  if (category === undefined) {
    throw new TypeError(`"category" must be o_o_b_e or none; got ${JSON.stringify(seed.category)}.`)
  }
  const createdDate = seed.createdDate ?? preciseWireTime(now)
  const lastModifiedDate = seed.lastModifiedDate ?? createdDate
  parseWireTime('createdDate', createdDate)
  parseWireTime('lastModifiedDate', lastModifiedDate)
  getOrAddCustomer(state, customerId).policies.set(id.toLowerCase(), {
    id,
    name,
    category,
    description,
    policySettings: readSettings(seed.policySettings ?? []),
    createdDate,
    lastModifiedDate,
  })
}
