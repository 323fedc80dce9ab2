/** An upload that is killed repeatedly. */
import type { EmulatorProcess } from '../../shared/emulator-process.ts'
import type { Judgment } from './judge.ts'
import { judgeUpload, lookAtJournal, nothingSeen } from './judge.ts'
import type { Moment, RunResult, UploadCommand } from './upload-process.ts'
import { runUpload } from './upload-process.ts'

/** The result. */
export interface KilledUpload extends Judgment {
  /** How many runs were killed; one may have finished first. */
  kills: number
  /** How many requests were ambiguous after a kill. */
  inDoubt: number
  last: RunResult
}

/** Kills an upload of `devices` devices at each of the moments, lets it finish, and compares. */
export async function killAndResume(
  upload: UploadCommand,
  emulator: EmulatorProcess,
  { devices, moments, deduplicate }: { devices: number; moments: readonly Moment[]; deduplicate: boolean },
): Promise<KilledUpload> {
  const seen = nothingSeen()
  let kills = 0
  for (const moment of moments) {
    if ((await runUpload(upload, moment)).exitCode === null) kills++
    await lookAtJournal(upload.file, seen)
  }
  const last = await runUpload(upload)
  await lookAtJournal(upload.file, seen)
  const judgment = await judgeUpload(upload, emulator, {
    devices,
    seen,
    last,
    onceOnly: deduplicate,
  })
  return { ...judgment, kills, inDoubt: seen.doubtful.size, last }
}
