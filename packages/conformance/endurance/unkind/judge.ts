/** Compares a program's result for every device with the emulator's own record. */
import type { NewDevice } from '@devicebatch/contract'

import type { WholeSnapshot } from '../../../emulator/src/state/snapshot.ts'

/** What a run showed. */
export interface RunResult {
  seed: number
  lies: string[]
  devices: number
  /** How many of them the program reported an outcome for. */
  told: number
  /** What failed along the way. */
  errors: string[]
}

/** A program's result for a device. */
export interface Said {
  index: number
  outcome: string
  delivery?: string
  /** The request it was sent in, if its tracking ID is known. */
  batchTrackingId: string | undefined
  /** Its position in that request. */
  position: number
}

/** An upload on record. */
export type Upload = WholeSnapshot['customers'][number]['uploads'][number]
/** How a device on record ended. */
export type Outcome = Upload['devices'][number]['outcome']

/** Reported results that are better than the record, or are not on record at all; one line each. */
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

/** Whether the device is registered, according to the record. */
export function isGood(devices: readonly NewDevice[], one: Said, uploads: readonly Upload[]): boolean {
  const records = recordsOf(devices[one.index]!, one, uploads)
  return records.some((record) => isSame('succeeded', record) || isSame('already-registered', record))
}

/** If devices share identifiers, a record may be another device's: then only what is reported as delivered must be on record. */
function lieOf(
  { outcome, delivery }: Said,
  records: readonly Outcome[],
  isCertain: boolean,
): string | undefined {
  if (delivery === 'landed' && records.length === 0) return 'reported as landed'
  // A device that failed is not in the batch either, and may be sent again.
  if (delivery === 'did-not-land' && isCertain && records.some(({ kind }) => kind === 'succeeded'))
    return 'said not to have landed'
  // Reporting an unknown result is always allowed; the caller counts how often.
  if (outcome === 'unresolved' || outcome === 'pending' || outcome === 'not-sent') return undefined
  return records.some((record) => isSame(outcome, record)) ? undefined : `said to be ${outcome}`
}

/** Whether a program may report this for a device with this record. */
export function isSame(outcome: string, record: Outcome): boolean {
  if (outcome === 'succeeded') return record.kind === 'succeeded'
  const is806 = record.kind === 'failed' && record.errorCode === '806'
  if (/^already-?registered$/i.test(outcome)) return is806
  return outcome === 'failed' && record.kind === 'failed' && !is806
}

/** The records of the device: by its request and position if known, otherwise wherever its identifiers appear. */
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
  // A request that was processed twice has two records of a device, and only one of them returned its tracking ID.
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
