/** Does this identify a device, and which parts are sent? */
import type { NewDevice } from '@devicebatch/contract'
import { InvalidArgumentError } from '@devicebatch/edge'
import { show, wireText } from '@devicebatch/edge/internal'

/** Everything that a new device may contain; nothing else is sent. */
const members = [
  'serialNumber',
  'productKey',
  'hardwareHash',
  'oemManufacturerName',
  'modelName',
  'policies',
] as const

/**
 * Whether the present members identify a device: its hardware hash, its product key, or its serial number, manufacturer and
 * model together. (Partner Center docs, "Upload a list of devices to create a new batch".)
 */
function identifiesDevice(device: Partial<NewDevice>): boolean {
  const has = (name: (typeof members)[number]): boolean => wireText(device[name]) !== ''
  return (
    has('hardwareHash') ||
    has('productKey') ||
    (has('serialNumber') && has('oemManufacturerName') && has('modelName'))
  )
}

/**
 * The devices as they are sent: the smallest objects that work, since the service is known to fail on empty lists and year-1
 * dates in them. Throws `InvalidArgumentError` for an empty list or a device that nothing identifies.
 */
export function toWireDevices(devices: readonly NewDevice[]): NewDevice[] {
  checkDeviceList(devices)
  // Not `map`, which skips the holes of an array.
  return Array.from(devices, toWireDevice)
}

/** Throws `InvalidArgumentError` unless it is a non-empty array. */
export function checkDeviceList(devices: unknown): void {
  if (!Array.isArray(devices))
    throw new InvalidArgumentError(`\`devices\` must be an array of devices; got ${show(devices)}.`)
  if (devices.length === 0) throw new InvalidArgumentError('`devices` must contain at least one device.')
}

/** One device as it is sent; `index` names it in messages. Throws `InvalidArgumentError` when nothing identifies it. */
export function toWireDevice(device: NewDevice, index: number): NewDevice {
  if (typeof device !== 'object' || device === null || !identifiesDevice(device)) {
    throw new InvalidArgumentError(
      `\`devices[${index}]\` identifies no device: it needs hardwareHash, or productKey, or serialNumber with oemManufacturerName and modelName.`,
    )
  }
  for (const name of members) {
    const value: unknown = device[name]
    const [fits, expected] =
      name === 'policies' ? [Array.isArray(value), 'an array'] : [typeof value === 'string', 'text']
    if (value != null && !fits) {
      throw new InvalidArgumentError(`\`devices[${index}].${name}\` must be ${expected}; got ${show(value)}.`)
    }
  }
  const sent = members.filter((name) => device[name] && device[name].length > 0)
  return Object.fromEntries(sent.map((name) => [name, device[name]])) as unknown as NewDevice
}
