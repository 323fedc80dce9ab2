/**
 * The types of Partner Center's device-deployment API, with the names that its documentation uses. Use `import type`: there is
 * nothing here at runtime.
 *
 * `paths`, `operations` and `components` are generated from the OpenAPI document. They have `string` for every open set of
 * values, because openapi-fetch would turn an open union into an object of string methods. The types below are open unions:
 * editors complete the known values, and any other string type-checks. What openapi-fetch returns is assignable to them.
 *
 * @module @devicebatch/contract
 */
import type * as generated from './openapi.ts'

export type { components, operations, paths } from './openapi.ts'

/**
 * A point in time as the service sends it, such as `2017-07-25T10:00:00`. Without a time zone it means UTC, but
 * `new Date(text)` reads it as local time; year 0001 means "not yet". `parsePartnerDate` of `@devicebatch/client/results`
 * reads all of its forms.
 */
export type Timestamp = generated.Timestamp

/**
 * The status of a batch. It has ended with `finished` or `finished_with_errors`; neither says that its devices were
 * registered. The service may send other values. (Partner Center docs, "Get the status of a device batch upload".)
 */
export type BatchUploadStatus = generated.knownWords['BatchUploadStatus'] | (string & {})

/**
 * The status of one device in an upload. `in-progress` is the documentation's name for `processing`. The service may send
 * other values. (Partner Center docs, "Get the status of a device batch upload"; .NET SDK.)
 */
export type DeviceUploadStatus = generated.knownWords['DeviceUploadStatus'] | (string & {})

/**
 * The progress of an upload or a policy update, and the result of each of its devices: the response of
 * `getBatchUploadStatus`. A `finished` batch can still contain failed devices.
 *
 * @example
 * ```ts
 * import type { BatchUploadDetails, DeviceUploadDetails } from '@devicebatch/contract'
 *
 * export function failedSerialNumbers({ devicesStatus }: BatchUploadDetails): (string | undefined)[] {
 *   return (devicesStatus ?? []).filter(hasFailed).map(({ serialNumber }) => serialNumber)
 * }
 *
 * // 806 means that the device is already registered for this customer. A device can fail without a code.
 * function hasFailed({ errorCode, status }: DeviceUploadDetails): boolean {
 *   return errorCode ? errorCode !== '806' : status === 'finished_with_errors'
 * }
 * ```
 */
export interface BatchUploadDetails extends generated.BatchUploadDetails {
  /** The status of the batch as a whole; says nothing about its devices. */
  status: BatchUploadStatus
  /** When processing of the batch started; UTC even without a time zone, see {@link Timestamp}. Year 0001 if it has not started. */
  startedTime?: Timestamp
  /** When processing of the batch ended; UTC even without a time zone, see {@link Timestamp}. Year 0001 if it has not ended. */
  completedTime?: Timestamp
  /** One entry for each device. May be absent, null or empty while the batch is queued. */
  devicesStatus?: DeviceUploadDetails[] | null
}

/** The result of one device of an upload. Every property may be absent: a device that failed has no `deviceId`. */
export interface DeviceUploadDetails extends generated.DeviceUploadDetails {
  /** The status of the device. A device with an `errorCode` was not registered by this upload, whatever its status. */
  status?: DeviceUploadStatus
}

/** A registered device, as the service lists it. To register one, see {@link NewDevice}; to write one back, {@link DeviceUpdate}. */
export interface Device extends generated.Device {
  /** The policies that apply to the device; their values are display names, not ids. */
  policies?: AssignedPolicy[]
  /** When the device was uploaded; UTC if it has no time zone, see {@link Timestamp}. */
  uploadedDate?: Timestamp
}

/** A policy that applies to a device, as the service lists it: `value` is its display name, or null if there is none. */
export interface AssignedPolicy extends generated.AssignedPolicy {
  /** The category of the policy. */
  key?: PolicyCategory
}

/**
 * A device to register, identified by its hardware hash, its product key, or its serial number, manufacturer and model
 * together: anything less does not compile. (Partner Center docs, "Upload a list of devices to create a new batch".)
 *
 * @example
 * ```ts
 * import type { NewDevice } from '@devicebatch/contract'
 *
 * const device: NewDevice = {
 *   serialNumber: '1R9-ZNP67',
 *   oemManufacturerName: 'Dell Inc.',
 *   modelName: 'Precision WorkStation T7500',
 * }
 * ```
 */
export type NewDevice = IdentifiedByHardwareHash | IdentifiedByProductKey | IdentifiedBySerialNumber

// Interfaces, so that the compiler can name the combination closest to a device; of several, TypeScript 7 names the last in the alphabet.
interface NewDeviceProperties extends generated.NewDeviceProperties {
  /** Policies to apply on registration, one per category, by id. */
  policies?: PolicyAssignment[] | null | undefined
}

interface IdentifiedByHardwareHash extends NewDeviceProperties {
  /** The hardware hash ("4K hash"): base64 text of about 4,000 characters. */
  hardwareHash: string
}

interface IdentifiedByProductKey extends NewDeviceProperties {
  /** The Windows product ID (PKID), 13 digits on the box label or dash-formatted. */
  productKey: string
}

interface IdentifiedBySerialNumber extends NewDeviceProperties {
  /** The serial number. */
  serialNumber: string
  /** The manufacturer, exactly as the firmware (SMBIOS) reports it; case matters. */
  oemManufacturerName: string
  /** The model, exactly as the firmware (SMBIOS) reports it; case matters. */
  modelName: string
}

/** A policy to apply to a device: `value` is the ID of the policy, a GUID. */
export interface PolicyAssignment extends generated.PolicyAssignment {
  /** The category of the policy. */
  key: PolicyCategory
}

/**
 * A device to write back, which replaces the old one: what was read, with your changes, and always its `id`. A {@link Device} as it was
 * read does not compile here, because its `policies` have names: set them again, by id or to null.
 */
export interface DeviceUpdate extends generated.DeviceUpdate {
  /** The policies to apply, one for each category, by their IDs. */
  policies?: PolicyAssignment[] | null | undefined
}

/** A named list of devices. Its `devicesLink.uri` is not percent-encoded: list its devices by `id` instead. */
export interface DeviceBatch extends generated.DeviceBatch {
  /** The status of the batch. */
  status?: BatchUploadStatus
  /** When the batch was created; UTC if it has no time zone, see {@link Timestamp}. */
  creationDate?: Timestamp
}

/** The body of `createDeviceBatch`. How many devices a request may contain is not documented. */
export interface DeviceBatchCreationRequest extends generated.DeviceBatchCreationRequest {
  /** The devices to register. */
  devices: NewDevice[]
}

/** The body of `updateDevicesWithPolicy`. */
export interface DevicePolicyUpdateRequest extends generated.DevicePolicyUpdateRequest {
  /** The devices, each with the policies to apply. */
  devices: DevicePolicyUpdate[]
}

/** A device, by its ID, and the policies to apply to it. */
export interface DevicePolicyUpdate extends generated.DevicePolicyUpdate {
  /** The policies to apply, one for each category, by their IDs. */
  policies: PolicyAssignment[]
}

/** The category of a configuration policy: `o_o_b_e` (out-of-box experience) or `none`. The service may send other values. */
export type PolicyCategory = generated.knownWords['PolicyCategory'] | (string & {})

/** A setting of a configuration policy. The service may send other values. */
export type PolicySetting = generated.knownWords['PolicySetting'] | (string & {})

/** A configuration policy, as the service returns it. Its device counter can have either of two names: read both. */
export interface ConfigurationPolicy extends generated.ConfigurationPolicy {
  /** Its category. */
  category?: PolicyCategory
  /** What it does. */
  policySettings?: PolicySetting[]
  /** When it was created; UTC if it has no time zone, see {@link Timestamp}. */
  createdDate?: Timestamp
  /** When it was last changed; UTC if it has no time zone, see {@link Timestamp}. */
  lastModifiedDate?: Timestamp
}

/** A configuration policy to create. */
export interface NewConfigurationPolicy extends generated.NewConfigurationPolicy {
  /** Its category, `o_o_b_e`. */
  category: PolicyCategory
  /** What it does; one value per setting. */
  policySettings: PolicySetting[]
}

/** A configuration policy to write back. It replaces the whole policy: omitted settings are removed. */
export interface ConfigurationPolicyUpdate extends generated.ConfigurationPolicyUpdate {
  /** Its category; cannot be changed. */
  category: PolicyCategory
  /** All its settings. */
  policySettings: PolicySetting[]
}

/** How a customer is related to the partner. Devices need `reseller`. The service may send other values. */
export type CustomerRelationship = generated.knownWords['CustomerRelationship'] | (string & {})

/** A customer of the partner. Its `id` is the Entra tenant ID that every other operation takes as `customerId`. */
export interface Customer extends generated.Customer {
  /** How the customer is related to the partner. Devices need `reseller`. */
  relationshipToPartner?: CustomerRelationship
}

/** The names of a customer: its company name, and its first domain. */
export type CustomerCompanyProfile = generated.CustomerCompanyProfile

/** An invitation to a reseller relationship: the link that a customer opens to accept it. */
export type RelationshipRequest = generated.RelationshipRequest

/** The type of an object, and its version for `If-Match`. */
export type ResourceAttributes = generated.ResourceAttributes

/** The service's link to another call. Its `uri` is a path, not percent-encoded, with or without `/v1`: do not call it unchanged. */
export type Link = generated.Link

/**
 * The documented body of an error. `code` is a number or text. Errors have other bodies too: {@link ExtendedFault},
 * {@link GatewayFault} and {@link FaultText}. (Partner Center docs, "Partner Center REST error codes".)
 */
export type ApiFault = generated.ApiFault

/** The error body of newer services on this host. Whether device deployment ever sends it is unknown. */
export type ExtendedFault = generated.ExtendedFault

/** The error body of the gateway in front of the service: documented for 429. */
export type GatewayFault = generated.GatewayFault

/** An error body that is not JSON: a sentence, an HTML page, or empty. */
export type FaultText = generated.FaultText

/** Any JSON error body. */
export type Fault = generated.Fault

/** A page of the list of a customer's device batches. */
export interface DeviceBatchCollection extends generated.DeviceBatchCollection {
  /** The batches. */
  items: DeviceBatch[]
}

/** A page of the list of a batch's devices. */
export interface DeviceCollection extends generated.DeviceCollection {
  /** The devices, at most 100. */
  items: Device[]
}

/** A customer's configuration policies. */
export interface ConfigurationPolicyCollection extends generated.ConfigurationPolicyCollection {
  /** The policies. */
  items: ConfigurationPolicy[]
}

/** A page of the list of the partner's customers. */
export interface CustomerCollection extends generated.CustomerCollection {
  /** The customers. */
  items: Customer[]
}
