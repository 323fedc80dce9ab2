/** The results in the status of an upload, which the quirks can leave incomplete, reorder or mix with foreign ones. */

import type { DeviceUploadDetails } from '@devicebatch/contract'

import type { Upload } from '../state/state.ts'
import { deviceEndsAt } from '../uploads/lifecycle.ts'
import { chance } from './chance.ts'
import type { ResolvedQuirks } from './quirks.ts'

/** The rows of the status, one per device of the upload, rearranged by the quirks. */
export function listResults(
  rows: readonly DeviceUploadDetails[],
  upload: Upload,
  now: number,
  quirks: ResolvedQuirks & { seed: number },
): DeviceUploadDetails[] {
  const { seed, resultOrder } = quirks
  const listed = rows.flatMap((row, index) => listResult(row, upload, index, now, quirks))
  const all = [...listed, ...foreignRows(upload, quirks)]
  if (resultOrder === 'upload') return all
  const places = all.map((row, index) => ({
    row,
    place: chance(seed, 'order', upload.sequence, listed.length, index),
  }))
  return places.toSorted((one, other) => one.place - other.place).map(({ row }) => row)
}

/** The rows of one device: none, one or two. */
function listResult(
  row: DeviceUploadDetails,
  upload: Upload,
  index: number,
  now: number,
  quirks: ResolvedQuirks & { seed: number },
): DeviceUploadDetails[] {
  const { seed, lateResultsMs, unfinishedResults, missingResults, repeatedResults } = quirks
  const subject = [upload.sequence, index] as const
  if (chance(seed, 'missing', ...subject) < missingResults) return []
  const endsAt = deviceEndsAt(upload, index)
  const lateMs = lateResultsMs > 0 && chance(seed, 'late', ...subject) < 0.5 ? lateResultsMs : 0
  const isFinished = endsAt + lateMs <= now
  if (!isFinished && unfinishedResults === 'absent') return []
  const shown = isFinished || endsAt > now ? row : unfinished(upload, index)
  if (chance(seed, 'repeated', ...subject) >= repeatedResults) return [shown]
  return chance(seed, 'stale', ...subject) < 0.5 ? [shown, shown] : [shown, unfinished(upload, index)]
}

function unfinished({ devices }: Upload, index: number): DeviceUploadDetails {
  const { deviceId, serialNumber, productKey } = devices[index] ?? {}
  return {
    ...(deviceId !== undefined && { deviceId }),
    ...(serialNumber !== undefined && { serialNumber }),
    ...(productKey !== undefined && { productKey }),
    status: 'processing',
    attributes: { objectType: 'DeviceUploadDetails' },
  }
}

/** Two registered devices that are not in this upload: one with its own serial number, one with only a `deviceId`. */
function foreignRows(
  { sequence }: Upload,
  { seed, foreignResults }: Pick<ResolvedQuirks, 'foreignResults'> & { seed: number },
): DeviceUploadDetails[] {
  if (chance(seed, 'foreign', sequence) >= foreignResults) return []
  const row = { status: 'finished', attributes: { objectType: 'DeviceUploadDetails' } }
  const serialNumber = `FOREIGN-${sequence}`
  return [
    { deviceId: `foreign-${sequence}-1`, serialNumber, ...row },
    { deviceId: `foreign-${sequence}-2`, ...row },
  ]
}
