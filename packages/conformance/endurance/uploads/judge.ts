/** The final report of an interrupted upload, compared with its journals along the way and with what the emulator accepted. */
import type { EmulatorProcess } from '../../shared/emulator-process.ts'
import { serialOf } from './device-list.ts'
import type { RunResult, UploadCommand } from './upload-process.ts'
import { readChunks, readResults } from './upload-process.ts'

/** What was in the journals that were read. */
export interface SeenIds {
  requestIds: Set<string>
  trackingIds: Set<string>
  /** Those of ambiguous requests. */
  doubtful: Set<string>
}

/** Nothing yet. */
export function nothingSeen(): SeenIds {
  return { requestIds: new Set(), trackingIds: new Set(), doubtful: new Set() }
}

/** Reads the journal. Rejects if it is incomplete. */
export async function lookAtJournal(file: string, seen: SeenIds): Promise<void> {
  for (const { requestId, batchTrackingId, repeated } of await readChunks(file)) {
    seen.requestIds.add(requestId)
    // A run may reconcile its own request before anybody reads the journal, which still mentions it.
    if (batchTrackingId === undefined || repeated) seen.doubtful.add(requestId)
    if (batchTrackingId !== undefined) seen.trackingIds.add(batchTrackingId)
  }
}

/** The result. */
export interface Judgment {
  /** How many devices the emulator accepted more than once. */
  takenTwice: number
  /** How many devices are reported as `cannot-tell`. */
  cannotTell: number
  /** Violations; empty if everything held. */
  violations: string[]
}

/** What to judge. */
export interface JudgedUpload {
  devices: number
  seen: SeenIds
  last: RunResult
  /** Nothing may have been accepted twice. */
  onceOnly: boolean
}

/** Judges an upload whose last run has ended. */
export async function judgeUpload(
  upload: UploadCommand,
  emulator: EmulatorProcess,
  { devices, seen, last, onceOnly }: JudgedUpload,
): Promise<Judgment> {
  const violations: string[] = []
  const check = (holds: boolean, text: string): void => {
    if (!holds) violations.push(text)
  }
  check(last.exitCode === 0, `the last run exited with ${last.exitCode}:\n${last.output.slice(-2_000)}`)
  if (last.exitCode !== 0) return { takenTwice: 0, cannotTell: 0, violations }

  const [chunks, results, taken] = await Promise.all([
    readChunks(upload.file),
    readResults(upload.file),
    emulator.uploads(),
  ])
  const serials = Array.from({ length: devices }, (_, index) => serialOf(index))
  const timesTaken = new Map<string, number>()
  for (const { serialNumber } of taken.flatMap((one) => one.devices))
    timesTaken.set(serialNumber!, (timesTaken.get(serialNumber!) ?? 0) + 1)
  const twice = serials.filter((serial) => (timesTaken.get(serial) ?? 0) > 1)
  const reported = results.filter(({ delivery }) => delivery === 'cannot-tell')
  const mayBeTwice = chunks
    .filter(({ requestId, repeated }) => repeated || seen.doubtful.has(requestId))
    .flatMap(({ fromIndex, toIndex }) => serials.slice(fromIndex, toIndex))

  check(
    isSame(
      results.map(({ serialNumber }) => serialNumber),
      serials,
    ),
    'the results do not have each row exactly once, in file order',
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
    'the emulator received a request ID that the journal lost',
  )
  check(
    [...seen.requestIds].every((id) => known.has(id)),
    'a request ID from an earlier journal is lost',
  )
  const kept = new Set(chunks.map(({ batchTrackingId }) => batchTrackingId))
  check(
    [...seen.trackingIds].every((id) => kept.has(id)),
    'a tracking ID from an earlier journal is lost',
  )
  const given = new Set(taken.map(({ batchTrackingId }) => batchTrackingId))
  // A run that is killed while it repeats a request never gets its tracking ID, and a request is repeated only once.
  check(
    chunks.every(({ batchTrackingId, repeated }) =>
      batchTrackingId === undefined ? repeated === true : given.has(batchTrackingId),
    ),
    'the journal lacks the tracking ID of a request that was sent once, or has one that the emulator never returned',
  )
  if (onceOnly) check(twice.length === 0, `${twice.length} devices were accepted twice`)
  check(
    isSame(
      reported.map(({ serialNumber }) => serialNumber),
      mayBeTwice,
    ),
    `${reported.length} devices are cannot-tell, but ${mayBeTwice.length} may have been accepted twice`,
  )
  const reportedSerials = new Set(reported.map(({ serialNumber }) => serialNumber))
  check(
    twice.every((serial) => reportedSerials.has(serial)),
    'a device that was accepted twice is not reported as cannot-tell',
  )
  return { takenTwice: twice.length, cannotTell: reported.length, violations }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at])
}
