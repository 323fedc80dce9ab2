/** Reads what a caller uploads as the service does: property names in any case, null as good as absent. */

import type { SubmittedDevice } from './submit.ts'

/** A body that cannot be accepted; the message becomes the fault's description. */
export class BadRequestError extends Error {
  override name = 'BadRequestError'
}

/** The body of "create device batch". Throws a `BadRequestError` that says which property is wrong. */
export function readDeviceBatchCreationRequest(text: string): {
  batchId: string
  devices: SubmittedDevice[]
} {
  const body = readObject(parseJson(text), 'The request body')
  const batchId = readText(body, 'batchId', 'The request body')
  if (batchId === undefined) throw new BadRequestError('batchId is required: a name for the batch.')
  return { batchId, devices: readDevices(body.get('devices'), 'devices') }
}

/** The body of "add devices to a batch": a bare array. Throws a `BadRequestError` that says what is wrong. */
export function readDeviceArray(text: string): SubmittedDevice[] {
  return readDevices(parseJson(text), 'The request body')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new BadRequestError('The request body is not JSON.')
  }
}

function readDevices(value: unknown, name: string): SubmittedDevice[] {
  if (!Array.isArray(value)) throw new BadRequestError(`${name} must be an array of devices.`)
  if (value.length === 0) throw new BadRequestError(`${name} must hold at least one device.`)
  return value.map((item: unknown, index) => readDevice(item, `Device ${index}`))
}

function readDevice(value: unknown, name: string): SubmittedDevice {
  const properties = readObject(value, name)
  const device: SubmittedDevice = {
    serialNumber: readText(properties, 'serialNumber', name),
    productKey: readText(properties, 'productKey', name),
    hardwareHash: readText(properties, 'hardwareHash', name),
    modelName: readText(properties, 'modelName', name),
    oemManufacturerName: readText(properties, 'oemManufacturerName', name),
  }
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

/** The object's properties by their names in lower case. */
function readObject(value: unknown, name: string): Properties {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadRequestError(`${name} must be an object.`)
  }
  return new Map(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]))
}

type Properties = ReadonlyMap<string, unknown>

/** A text that is not empty, undefined when it is absent, null or empty. */
function readText(properties: Properties, property: string, name: string): string | undefined {
  const value = properties.get(property.toLowerCase())
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  throw new BadRequestError(`${name}: ${property} must be a string.`)
}
