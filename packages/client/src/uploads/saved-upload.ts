/** What is saved of an upload, and is a saved state still intact? It comes from a disk or a database, so every member is checked. */
import { InvalidArgumentError } from '@devicebatch/edge'
import { checkGuid, show } from '@devicebatch/edge/internal'

import type { DuplicateDevice } from './chunks.ts'
import type { Settlement } from './settle.ts'

/** One request of an upload. Plain JSON: it has positions of devices, never the devices. */
export interface UploadChunk {
  /** Whether it creates the batch or adds to it. */
  operation: 'create' | 'append'
  /** Its `MS-RequestId`, a GUID. */
  requestId: string
  /** The position of its first device among those that you passed, from 0. */
  fromIndex: number
  /** The position after its last device. */
  toIndex: number
  /** How many devices it sends, without duplicates. */
  deviceCount: number
  /** A digest of its devices, which shows that a resumed upload has the same ones. */
  digest: string
  /** The tracking ID, once the service has accepted it. Without it and without `settled`, the request is in doubt. */
  batchTrackingId?: string
  /** More than one request for these devices may have been accepted, so that each of them is reported as `cannot-tell`. */
  repeated?: true
  /** What the list of the batch showed, if the response was lost for good. */
  settled?: Settlement
}

/** The data to save, to resume an upload or wait for it: plain JSON, about 300 bytes for each chunk. */
export interface SavedBatchUploadGroup {
  /** The version of this format. */
  readonly version: 1
  /** The customer's Microsoft Entra tenant ID, a GUID. */
  readonly customerId: string
  /** The name of the batch, as the service spells it. */
  readonly batchId: string
  /** The requests so far, in the order of the devices. */
  readonly chunks: readonly UploadChunk[]
  /** The devices that were left out because an earlier one is identical. */
  readonly duplicates: readonly DuplicateDevice[]
  /** Whether all devices that were passed have been processed. */
  readonly complete: boolean
}

/**
 * Checks the saved state of an upload when it is read back: every member, and that the requests follow one another.
 *
 * @param value The result of `JSON.parse`.
 * @param name Its name in error messages. Default `'saved'`.
 * @returns The same value. Throws {@link InvalidArgumentError} that names the wrong member.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 *
 * import { checkSavedUpload } from '@devicebatch/client'
 *
 * const resume = checkSavedUpload(JSON.parse(await readFile('upload.json', 'utf8')))
 * ```
 */
export function checkSavedUpload(value: unknown, name = 'saved'): SavedBatchUploadGroup {
  const saved = (value ?? {}) as Record<string, unknown>
  if (saved['version'] !== 1) {
    refuse(name, "what a group's toJSON() gave, of version 1", saved['version'] ?? value)
  }
  checkGuid(`${name}.customerId`, saved['customerId'])
  expectThat(
    typeof saved['batchId'] === 'string' && saved['batchId'] !== '',
    `${name}.batchId`,
    'a name',
    saved['batchId'],
  )
  expectThat(typeof saved['complete'] === 'boolean', `${name}.complete`, 'true or false', saved['complete'])
  let endsAt = 0
  asArray(`${name}.chunks`, saved['chunks']).forEach((chunk, at) => {
    endsAt = checkChunk(`${name}.chunks[${at}]`, chunk, endsAt)
  })
  asArray(`${name}.duplicates`, saved['duplicates']).forEach((duplicate, at) => {
    const { index, firstIndex } = asRecord(`${name}.duplicates[${at}]`, duplicate)
    const isDuplicate = isPosition(index) && isPosition(firstIndex) && firstIndex < index
    expectThat(isDuplicate, `${name}.duplicates[${at}].index`, 'a position after `firstIndex`', index)
  })
  return value as SavedBatchUploadGroup
}

/** Checks a saved state; throws `InvalidArgumentError` if it is invalid, or belongs to another upload. */
export function checkSameUpload(
  saved: SavedBatchUploadGroup,
  customerId: string,
  batchId: string,
): SavedBatchUploadGroup {
  checkSavedUpload(saved, 'resume')
  const nameOf = (one: { customerId: string; batchId: string }): string =>
    `${one.customerId}/${one.batchId}`.toLowerCase()
  if (nameOf(saved) !== nameOf({ customerId, batchId })) {
    throw new InvalidArgumentError(
      `\`resume\` belongs to batch ${show(saved.batchId)} of customer ${show(saved.customerId)}, not to ${show(batchId)} of ${customerId}. Pass the state saved from this upload.`,
    )
  }
  return saved
}

/** Checks one chunk, and returns where it ends. */
function checkChunk(name: string, value: unknown, beginsAt: number): number {
  const chunk = asRecord(name, value)
  const {
    operation,
    requestId,
    batchTrackingId,
    fromIndex,
    toIndex,
    deviceCount,
    digest,
    repeated,
    settled,
  } = chunk
  expectThat(
    operation === 'create' || operation === 'append',
    `${name}.operation`,
    "'create' or 'append'",
    operation,
  )
  checkGuid(`${name}.requestId`, requestId)
  if (batchTrackingId !== undefined) checkGuid(`${name}.batchTrackingId`, batchTrackingId)
  if (fromIndex !== beginsAt || !isPosition(toIndex) || toIndex <= fromIndex) {
    throw new InvalidArgumentError(
      `\`${name}\` must begin where the one before ended, at ${beginsAt}; it goes from ${show(fromIndex)} to ${show(toIndex)}. Pass the saved state, unchanged.`,
    )
  }
  const hasCount = isPosition(deviceCount) && deviceCount > 0 && deviceCount <= toIndex - fromIndex
  expectThat(hasCount, `${name}.deviceCount`, `a number from 1 to ${toIndex - fromIndex}`, deviceCount)
  expectThat(typeof digest === 'string', `${name}.digest`, 'a text', digest)
  expectThat(repeated === undefined || repeated === true, `${name}.repeated`, 'true or absent', repeated)
  if (settled !== undefined) checkSettlement(`${name}.settled`, settled, fromIndex, toIndex)
  return toIndex
}

function checkSettlement(name: string, value: unknown, from: number, to: number): void {
  const settled = asRecord(name, value)
  for (const kind of ['landed', 'didNotLand', 'cannotTell']) {
    asArray(`${name}.${kind}`, settled[kind]).forEach((index, at) => {
      const isInside = isPosition(index) && index >= from && index < to
      expectThat(isInside, `${name}.${kind}[${at}]`, `a position from ${from} to ${to - 1}`, index)
    })
  }
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function asRecord(name: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(name, 'an object', value)
  return value as Record<string, unknown>
}

function asArray(name: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) refuse(name, 'an array', value)
  return value as unknown[]
}

function expectThat(holds: boolean, name: string, expected: string, value: unknown): void {
  if (!holds) refuse(name, expected, value)
}

function refuse(name: string, expected: string, value: unknown): never {
  throw new InvalidArgumentError(`\`${name}\` must be ${expected}; got ${show(value)}.`)
}
