/** Which devices of a file are registered, and which can be sent again? Known by the digests of their rows. */
import type { BatchUploadGroupReport, UploadedRow } from '@devicebatch/client'
import { deviceOutcome, explainDeviceError } from '@devicebatch/client'
import type { DeviceUploadDetails } from '@devicebatch/contract'

/** The devices of a file by outcome, each as the digest of its row. */
export interface FileOutcomes {
  registered: number[]
  /** They failed with a transient error, or never reached the service. */
  retryable: number[]
  /** They failed for another reason, or their result is unknown. */
  failed: number[]
}

type Kind = keyof FileOutcomes

/**
 * Sorts the devices of an upload that has finished.
 *
 * @param digests The digest of each row that was sent, in order.
 * @param earlier What is known about the file's other devices from earlier uploads.
 */
export function outcomesOf(
  { rows, unmatched }: Pick<BatchUploadGroupReport, 'rows' | 'unmatched'>,
  digests: readonly number[],
  earlier?: FileOutcomes,
): FileOutcomes {
  const nameless = kindOfNameless(unmatched)
  const outcomes = outcomesBeside(digests, earlier)
  for (const [at, row] of rows.entries()) outcomes[kindOf(row, nameless)].push(digests[at]!)
  return outcomes
}

function kindOf({ outcome, delivery, match }: UploadedRow, nameless: Kind): Kind {
  if (outcome === 'succeeded' || outcome === 'already-registered') return 'registered'
  if (delivery === 'did-not-land') return 'retryable'
  if (match.kind === 'unmatchable') return nameless
  return outcome === 'failed' && match.kind === 'result' ? kindOfFailure(match.result) : 'failed'
}

/**
 * The rows with only a hardware hash whose results cannot be identified: if one of those failed with a transient error, it could be
 * any of them. None is known to be registered: the results may belong to other rows, or to somebody else's devices.
 */
function kindOfNameless(unmatched: readonly DeviceUploadDetails[]): Kind {
  const failures = unmatched.filter((result) => deviceOutcome(result, true) === 'failed')
  return failures.some((result) => kindOfFailure(result) === 'retryable') ? 'retryable' : 'failed'
}

function kindOfFailure({ errorCode, errorDescription }: DeviceUploadDetails): Kind {
  const { isRetryable } = explainDeviceError((errorCode ?? '').trim(), errorDescription ?? undefined)
  return isRetryable ? 'retryable' : 'failed'
}

/** Only the devices with other digests than these. */
export function outcomesBeside(digests: readonly number[], outcomes: FileOutcomes | undefined): FileOutcomes {
  const sent = new Set(digests)
  const beside = (kind: Kind): number[] => (outcomes?.[kind] ?? []).filter((digest) => !sent.has(digest))
  return { registered: beside('registered'), retryable: beside('retryable'), failed: beside('failed') }
}

/** Only the devices with these digests. */
export function outcomesAmong(digests: readonly number[], outcomes: FileOutcomes): FileOutcomes {
  const known = new Set(digests)
  const among = (kind: Kind): number[] => outcomes[kind].filter((digest) => known.has(digest))
  return { registered: among('registered'), retryable: among('retryable'), failed: among('failed') }
}
