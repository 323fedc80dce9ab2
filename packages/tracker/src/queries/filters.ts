/** Does a filter make sense? A value that no row can have is refused, because an empty list would look like good news. */
import type { BatchOutcome, DeviceOutcome } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'
import { checkGuid, show } from '@devicebatch/edge/internal'

import type { SubmissionState, UploadState } from '../database/schema.ts'

const listOf = <T extends string>(values: Readonly<Record<T, true>>): T[] => Object.keys(values) as T[]

export const uploadStates: UploadState[] = listOf<UploadState>({ tracking: true, ended: true, stopped: true })
export const submissionStates: SubmissionState[] = listOf<SubmissionState>({
  queued: true,
  uploading: true,
  accepted: true,
  failed: true,
  cancelled: true,
})
export const batchOutcomes: BatchOutcome[] = listOf<BatchOutcome>({
  pending: true,
  succeeded: true,
  failed: true,
  'partially-failed': true,
  unknown: true,
})
export const deviceOutcomes: DeviceOutcome[] = listOf<DeviceOutcome>({
  pending: true,
  succeeded: true,
  'already-registered': true,
  failed: true,
  unresolved: true,
})

/** Checks one value, or each of several, against the possible ones; throws `InvalidArgumentError`. */
export function checkOneOf(
  name: string,
  value: string | readonly string[] | undefined,
  known: readonly string[],
): void {
  for (const one of value === undefined ? [] : [value].flat()) {
    if (known.includes(one)) continue
    throw new InvalidArgumentError(
      `\`${name}\` must be one of ${known.map((text) => `'${text}'`).join(', ')}; got ${show(one)}.`,
    )
  }
}

/** Checks the given IDs; throws `InvalidArgumentError`. */
export function checkGuids(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) if (value !== undefined) checkGuid(name, value)
}

/** Checks a text of a filter; throws `InvalidArgumentError`. */
export function checkText(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'string') return
  throw new InvalidArgumentError(`\`${name}\` must be text; got ${show(value)}.`)
}
