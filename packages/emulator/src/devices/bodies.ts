/** Reads the devices of a request body. */

import { BadRequestError, parseJson, readArray, readBody, readObject, readText } from '../http/json-body.ts'
import type { Properties } from '../http/json-body.ts'
import { readCategory } from '../policies/words.ts'
import type { PolicyAssignment, SubmittedDevice } from './submitted-device.ts'

/** A device to be changed by "update devices with a policy". */
export interface DevicePolicyUpdate {
  id: string
  policies: PolicyAssignment[]
}

/** The body of "create device batch". Throws a `BadRequestError` that says which property is wrong. */
export function readDeviceBatchCreationRequest(text: string): {
  batchId: string
  devices: SubmittedDevice[]
} {
  const body = readBody(text)
  const batchId = readText(body, 'batchId', 'The request body')
  if (batchId === undefined) throw new BadRequestError('batchId is required: a name for the batch.')
  return { batchId, devices: readNewDevices(body.get('devices'), 'devices') }
}

/** The body of "add devices to a batch": a bare array. Throws a `BadRequestError` that says what is wrong. */
export function readDeviceArray(text: string): SubmittedDevice[] {
  return readNewDevices(parseJson(text), 'The request body')
}

/** The body of "update a device". Throws a `BadRequestError` that says which property is wrong. */
export function readDeviceUpdate(text: string): {
  id: string | undefined
  device: SubmittedDevice
} {
  const properties = readBody(text)
  const name = 'The request body'
  return { id: readText(properties, 'id', name), device: readProperties(properties, name) }
}

/** The body of "update devices with a policy". Throws a `BadRequestError` that says which property is wrong. */
export function readDevicePolicyUpdateRequest(text: string): DevicePolicyUpdate[] {
  return readDevices(readBody(text).get('devices'), 'devices', (properties, name) => {
    const id = readText(properties, 'id', name)
    if (id === undefined) throw new BadRequestError(`${name} needs an ID.`)
    const policies = readPolicies(properties, name)
    if (!policies) throw new BadRequestError(`${name} needs policies: an array of { key, value }.`)
    return { id, policies }
  })
}

function readNewDevices(value: unknown, name: string): SubmittedDevice[] {
  return readDevices(value, name, readNewDevice)
}

function readDevices<T>(
  value: unknown,
  name: string,
  read: (properties: Properties, name: string) => T,
): T[] {
  if (!Array.isArray(value)) throw new BadRequestError(`${name} must be an array of devices.`)
  if (value.length === 0) throw new BadRequestError(`${name} must contain at least one device.`)
  return value.map((item: unknown, index) => read(readObject(item, `Device ${index}`), `Device ${index}`))
}

function readNewDevice(properties: Properties, name: string): SubmittedDevice {
  const device = readProperties(properties, name)
  if (device.hardwareHash !== undefined || device.productKey !== undefined) return device
  if (
    device.serialNumber !== undefined &&
    device.oemManufacturerName !== undefined &&
    device.modelName !== undefined
  ) {
    return device
  }
  throw new BadRequestError(
    `${name} identifies no device: it needs hardwareHash, or productKey, or serialNumber with oemManufacturerName and modelName.`,
  )
}

function readProperties(properties: Properties, name: string): SubmittedDevice {
  return {
    serialNumber: readText(properties, 'serialNumber', name),
    productKey: readText(properties, 'productKey', name),
    hardwareHash: readText(properties, 'hardwareHash', name),
    modelName: readText(properties, 'modelName', name),
    oemManufacturerName: readText(properties, 'oemManufacturerName', name),
    policies: readPolicies(properties, name),
  }
}

function readPolicies(properties: Properties, name: string): PolicyAssignment[] | undefined {
  const assignments = readArray(properties, 'policies', name)?.map((item): PolicyAssignment => {
    const assignment = readObject(item, `${name}: a policy`)
    const category = readCategory(assignment.get('key'))
    if (category === undefined) {
      throw new BadRequestError(`${name}: the key of a policy must be o_o_b_e or none.`, 900126)
    }
    return { category, policyId: readText(assignment, 'value', name)?.toLowerCase() ?? null }
  })
  const categories = new Set(assignments?.map(({ category }) => category))
  if (categories.size === (assignments?.length ?? 0)) return assignments
  throw new BadRequestError(`${name}: policies must contain one policy for each category.`)
}
