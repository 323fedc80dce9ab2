/** What the parts of `devicebatch upload` hand to one another. */
import type { BatchUploadGroup } from '@devicebatch/client'

import type { CommandContext } from '../cli/context.ts'
import type { DeviceFile } from '../files/device-file.ts'
import type { JournalDecision } from '../journal/decide.ts'
import type { Journal } from '../journal/check.ts'
import type { JournalLock } from '../journal/lock.ts'
import type { Progress } from '../output/progress.ts'
import type { Connection } from '../service/connect.ts'
import type { WaitSchedule } from '../status/wait.ts'
import type { UploadStop } from './graceful-stop.ts'

/** An upload that is to be run. */
export interface UploadRun {
  connection: Connection
  file: DeviceFile
  customerId: string
  batchId: string
  chunkSize?: number | undefined
  journalPath: string
  /** Absent where no other process can have the journal. */
  lock?: JournalLock
  decision: JournalDecision
  /** When the upload was begun, by this run or an earlier one; ISO 8601 in UTC. */
  startedAt: string
  /** Where the results are written; beside the file when undefined. */
  results: string | undefined
  /** The command that goes on with it; absent where nothing can. */
  resume?: string | undefined
  context: CommandContext
  progress: Progress
  stop: UploadStop
  schedule: WaitSchedule
  /** Whether to wait for what becomes of the devices. */
  waits: boolean
}

/** What is to be kept of an upload now. */
export function journalOf({ file, connection, startedAt }: UploadRun, group: BatchUploadGroup): Journal {
  return {
    journal: 'devicebatch',
    version: 1,
    startedAt,
    service: connection.service,
    file: { path: file.path, sha256: file.sha256 },
    group: group.toJSON(),
  }
}

/** Says how to look again at an upload that goes on without this command. */
export function printResume({ context: { output }, resume }: UploadRun): void {
  if (resume !== undefined)
    output.print('The upload goes on at the service. Look again with the same command:', `  ${resume}`)
}
