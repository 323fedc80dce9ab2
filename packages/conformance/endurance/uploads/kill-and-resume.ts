/**
 * An upload that is killed again and again, and what it says in the end, compared with what the emulator took by its own
 * record.
 */
import type { EmulatorProcess } from '../../shared/emulator-process.ts'
import { serialOf } from './device-list.ts'
import type { Moment, RunResult, UploadCommand } from './upload-process.ts'
import { readChunks, readResults, runUpload } from './upload-process.ts'

/** What came of it. */
export interface KilledUpload {
  /** How many runs ended by the kill; one may have been faster. */
  kills: number
  /** How many requests were in doubt after a kill. */
  inDoubt: number
  last: RunResult
  /** How many devices the emulator took more than once. */
  takenTwice: number
  /** How many devices are reported as `cannot-tell`. */
  cannotTell: number
  /** What must not be; empty when everything held. */
  violations: string[]
}

/** Kills an upload of `devices` devices at each of the moments, lets it end, and compares. */
export async function killAndResume(
  upload: UploadCommand,
  emulator: EmulatorProcess,
  { devices, moments, deduplicate }: { devices: number; moments: readonly Moment[]; deduplicate: boolean },
): Promise<KilledUpload> {
  const requestIds = new Set<string>()
  const trackingIds = new Set<string>()
  const doubtful = new Set<string>()
  let kills = 0
  for (const moment of moments) {
    if ((await runUpload(upload, moment)).exitCode === null) kills++
    for (const { requestId, batchTrackingId } of await readChunks(upload.file)) {
      requestIds.add(requestId)
      if (batchTrackingId === undefined) doubtful.add(requestId)
      else trackingIds.add(batchTrackingId)
    }
  }
  const last = await runUpload(upload)
  const [chunks, results, taken] = await Promise.all([
    readChunks(upload.file),
    readResults(upload.file),
    emulator.uploads(),
  ])

  const violations: string[] = []
  const check = (holds: boolean, text: string): void => {
    if (!holds) violations.push(text)
  }
  const serials = Array.from({ length: devices }, (_, index) => serialOf(index))
  const timesTaken = new Map<string, number>()
  for (const { serialNumber } of taken.flatMap((one) => one.devices))
    timesTaken.set(serialNumber!, (timesTaken.get(serialNumber!) ?? 0) + 1)
  const twice = serials.filter((serial) => (timesTaken.get(serial) ?? 0) > 1)
  const reported = results.filter(({ delivery }) => delivery === 'cannot-tell')
  const mayBeTwice = chunks
    .filter(({ requestId }) => doubtful.has(requestId))
    .flatMap(({ fromIndex, toIndex }) => serials.slice(fromIndex, toIndex))

  check(last.exitCode === 0, `the last run ended with ${last.exitCode}:\n${last.output.slice(-2_000)}`)
  check(
    isSame(
      results.map(({ serialNumber }) => serialNumber),
      serials,
    ),
    'the results do not have each row once, in the order of the file',
  )
  check(
    results.every(({ outcome }) => ['succeeded', 'already registered'].includes(outcome)),
    'a device is not reported as registered',
  )
  check(
    serials.every((serial) => timesTaken.has(serial)),
    'the emulator lacks a device',
  )
  const known = new Set(chunks.map(({ requestId }) => requestId))
  check(
    taken.every(({ requestId }) => known.has(requestId!)),
    'the emulator has a request id that the journal lost',
  )
  check(
    [...requestIds].every((id) => known.has(id)),
    'a request id of an earlier journal is lost',
  )
  const kept = new Set(chunks.map(({ batchTrackingId }) => batchTrackingId))
  check(
    [...trackingIds].every((id) => kept.has(id)),
    'a tracking id of an earlier journal is lost',
  )
  const given = new Set(taken.map(({ batchTrackingId }) => batchTrackingId))
  check(
    chunks.every(({ batchTrackingId }) => batchTrackingId !== undefined && given.has(batchTrackingId)),
    'the journal lacks a tracking id, or has one that the emulator never gave',
  )
  if (deduplicate) check(twice.length === 0, `${twice.length} devices were taken twice`)
  check(
    isSame(
      reported.map(({ serialNumber }) => serialNumber),
      mayBeTwice,
    ),
    `${reported.length} devices are cannot-tell, and ${mayBeTwice.length} may have been taken twice`,
  )
  const reportedSerials = new Set(reported.map(({ serialNumber }) => serialNumber))
  check(
    twice.every((serial) => reportedSerials.has(serial)),
    'a device that was taken twice is not reported as cannot-tell',
  )
  return {
    kills,
    inDoubt: doubtful.size,
    last,
    takenTwice: twice.length,
    cannotTell: reported.length,
    violations,
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at])
}
