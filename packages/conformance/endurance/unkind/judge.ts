/** Compares a program's result for every device with the emulator's own record. */
import type { NewDevice } from '@devicebatch/contract'

import type { WholeSnapshot } from '../../../emulator/src/state/snapshot.ts'

/** What a run showed. */
export interface RunResult {
  seed: number
  lies: string[]
  devices: number
  /** How many of them the program could say something of. */
  told: number
  /** What failed on the way. */
  errors: string[]
}

/** A program's result for a device. */
export interface Said {
  index: number
  outcome: string
  delivery?: string
  /** The request that it went with, when its tracking id is known. */
  batchTrackingId: string | undefined
  /** Its place in that request. */
  position: number
}

/** An upload on record. */
export type Upload = WholeSnapshot['customers'][number]['uploads'][number]
/** How a device on record ended. */
export type Outcome = Upload['devices'][number]['outcome']

/** What is said of devices and is better than what is on record, or is not on record at all; a line each. */
export function findLies(
  devices: readonly NewDevice[],
  said: readonly Said[],
  uploads: readonly Upload[],
): string[] {
  return said.flatMap((one) => {
    const device = devices[one.index]!
    const records = recordsOf(device, one, uploads)
    const lie = lieOf(one, records, isUnique(device))
    if (lie === undefined) return []
    const recorded = records.map((outcome) => describe(outcome)).join(', ') || 'nothing'
    return [`device ${one.index} ${JSON.stringify(device)}: ${lie}; on record: ${recorded}`]
  })
}

/** Whether the device is registered by what is on record. */
export function isGood(devices: readonly NewDevice[], one: Said, uploads: readonly Upload[]): boolean {
  const records = recordsOf(devices[one.index]!, one, uploads)
  return records.some((record) => isSame('succeeded', record) || isSame('already-registered', record))
}

/** Of a device whose identifiers others share, records may be another's: only what is said to be there must be there. */
function lieOf(
  { outcome, delivery }: Said,
  records: readonly Outcome[],
  isCertain: boolean,
): string | undefined {
  if (delivery === 'landed' && records.length === 0) return 'said to have landed'
  // What failed is not in the batch either, and may be sent again.
  if (delivery === 'did-not-land' && isCertain && records.some(({ kind }) => kind === 'succeeded'))
    return 'said not to have landed'
  // That nothing is known is always allowed; how often it is said, the caller counts.
  if (outcome === 'unresolved' || outcome === 'pending' || outcome === 'not-sent') return undefined
  return records.some((record) => isSame(outcome, record)) ? undefined : `said to be ${outcome}`
}

/** Whether a program may say this of a device with this record. */
export function isSame(outcome: string, record: Outcome): boolean {
  if (outcome === 'succeeded') return record.kind === 'succeeded'
  const is806 = record.kind === 'failed' && record.errorCode === '806'
  if (/^already-?registered$/i.test(outcome)) return is806
  return outcome === 'failed' && record.kind === 'failed' && !is806
}

/** What is on record of the device: by its request and place where they are known, else wherever its identifiers stand. */
function recordsOf(
  device: NewDevice,
  { batchTrackingId, position }: Said,
  uploads: readonly Upload[],
): Outcome[] {
  const own = uploads.find((upload) => upload.batchTrackingId === batchTrackingId)?.devices[position]
  const others = uploads
    .flatMap((upload) => upload.devices)
    .filter(
      ({ serialNumber, productKey }) =>
        (serialNumber !== undefined || productKey !== undefined) &&
        serialNumber === (device.serialNumber ?? undefined) &&
        productKey === (device.productKey ?? undefined),
    )
  // A request that was carried out twice has two records of a device, and only one has a tracking id that came back.
  const records = own ? [own, ...(isUnique(device) ? others : [])] : others
  return [...new Set(records)].map(({ outcome }) => outcome)
}

/** Whether no other device of the run has its identifiers. */
function isUnique({ serialNumber, productKey }: NewDevice): boolean {
  return serialNumber !== 'Default string' || productKey != null
}

/** A description of a device's record. */
export function describe(outcome: Outcome): string {
  return outcome.kind === 'failed' ? `failed ${outcome.errorCode ?? outcome.errorDescription}` : outcome.kind
}
