/** Is what was kept of an upload still what a group gave? It comes from a disk or a database, so every member is looked at. */
import { InvalidArgumentError } from '@devicebatch/edge'
import { checkGuid, show } from '@devicebatch/edge/internal'

import type { SavedBatchUploadGroup } from './upload-group.ts'

/**
 * Checks what was kept of an upload, as it is read back: all members, and that the requests follow one another.
 *
 * @param value What was read, after `JSON.parse`.
 * @param name What it is called in the message. Default `'saved'`.
 * @returns The same value. Throws {@link InvalidArgumentError}, which names the member that is wrong.
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
      `\`${name}\` must begin where the one before ended, at ${beginsAt}; it goes from ${show(fromIndex)} to ${show(toIndex)}. Hand in what was kept, unchanged.`,
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
