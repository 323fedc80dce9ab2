/** What is saved between two polls, and is a saved state valid? */
import type { BatchUploadId } from '@devicebatch/edge'
import { InvalidArgumentError } from '@devicebatch/edge'
import { sameUpload, show } from '@devicebatch/edge/internal'

import type { DeviceCounts } from '../reports/report.ts'

/** What to save between two polls: plain JSON without secrets, of the same size however many devices there are. */
export interface PollState extends BatchUploadId {
  /** The version of this shape. */
  version: 1
  /** How many polls were made. */
  polls: number
  /** How many of the last polls failed in a row. */
  failures: number
  /** When the next poll is due, in milliseconds since 1970. */
  dueAt: number
  /** When the service accepted the upload, in milliseconds since 1970; only for the first minute, and where it is known. */
  acceptedAt?: number
  /** The service's status value in the last response. */
  status?: string
  /** How many devices there were by outcome in the last response; `total` is the highest of all responses. */
  counts?: DeviceCounts
  /** A digest of the last response: it differs when any device does. */
  digest?: string
}

/** Returns the state; throws `InvalidArgumentError` unless a poll of this upload returned it. */
export function checkState(upload: BatchUploadId, saved: PollState | undefined): PollState | undefined {
  if (saved == null) return undefined
  if (saved.version !== 1) {
    throw new InvalidArgumentError(
      `\`saved\` has version ${show(saved.version)}, but this package knows only version 1. Poll without it: you lose only the interval.`,
    )
  }
  if (!sameUpload(saved, upload)) {
    throw new InvalidArgumentError(
      `\`saved\` belongs to upload ${show(saved.batchTrackingId)} of customer ${show(saved.customerId)}, not to this one. Pass the state of this upload.`,
    )
  }
  for (const [member, value, isRight, expected] of membersOf(saved)) {
    if (isRight) continue
    throw new InvalidArgumentError(
      `\`saved.${member}\` must be ${expected}; got ${show(value)}. Pass what the last poll returned, unchanged, or poll without it: you lose only the interval.`,
    )
  }
  return saved
}

function membersOf(saved: PollState): [member: string, value: unknown, isRight: boolean, expected: string][] {
  const { polls, failures, dueAt, acceptedAt, status, counts, digest } = saved
  const isText = (value: unknown): boolean => value === undefined || typeof value === 'string'
  return [
    ['polls', polls, isCount(polls), 'an integer of at least 0'],
    ['failures', failures, isCount(failures), 'an integer of at least 0'],
    ['dueAt', dueAt, Number.isFinite(dueAt), 'a time in milliseconds since 1970'],
    [
      'acceptedAt',
      acceptedAt,
      acceptedAt === undefined || Number.isFinite(acceptedAt),
      'a time in milliseconds since 1970',
    ],
    ['status', status, isText(status), 'text'],
    ['counts', counts, counts === undefined || areCounts(counts), 'six whole numbers from 0'],
    ['digest', digest, isText(digest), 'text'],
  ]
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function areCounts(counts: DeviceCounts | null): boolean {
  const { total, pending, succeeded, alreadyRegistered, failed, unresolved } = counts ?? ({} as DeviceCounts)
  return [total, pending, succeeded, alreadyRegistered, failed, unresolved].every(isCount)
}
