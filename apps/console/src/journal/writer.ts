/** Keeps the journal of one upload while it runs. */
import type { BatchUploadGroup } from '@devicebatch/client'
import { removeFile } from '@devicebatch/files'

import type { DeviceFile } from '../files/device-file.ts'
import type { Journal } from './check.ts'
import type { JournalDecision } from './decide.ts'
import { keepJournal, restoreJournal, writeJournal } from './journal.ts'
import type { JournalLock } from './lock.ts'
import type { FileOutcomes } from './outcomes.ts'

/** The journal of an upload, as the upload writes it. */
export interface JournalWriter {
  /** Keeps an earlier journal, which this one replaces, under another name, and returns that; undefined without one. */
  begin(): Promise<string | undefined>
  /** Writes the state of the upload; it is on disk when this resolves. */
  keep(group: BatchUploadGroup): Promise<void>
  /**
   * Writes that the upload has finished and was reported, with the outcomes of the devices; when that is written already, only if
   * more is known of them now.
   */
  end(group: BatchUploadGroup, outcomes: FileOutcomes): Promise<void>
  /**
   * Nothing was sent: deletes the journal, and restores the earlier one, whose path it returns. Rejects, and does nothing, if another
   * process has the journal.
   */
  discard(): Promise<string | undefined>
}

/** What the journal belongs to. */
export interface JournalSubject {
  path: string
  service: string
  customerName?: string | undefined
  file: Pick<DeviceFile, 'path' | 'sha256'>
  /** The decision based on an earlier run's journal; the requests of a finished upload are not changed. */
  decision: JournalDecision
}

/** Creates the writer; without `lock`, no other process can have the journal. */
export function createJournalWriter(
  { path, service, customerName, file, decision }: JournalSubject,
  lock?: JournalLock,
): JournalWriter {
  const startedAt = decision.kind === 'start' ? new Date().toISOString() : decision.startedAt
  const journalOf = (group: BatchUploadGroup): Journal => ({
    journal: 'devicebatch',
    version: 1,
    startedAt,
    service,
    customerName,
    file: { path: file.path, sha256: file.sha256 },
    selection: decision.selection,
    outcomes: decision.outcomes,
    group: group.toJSON(),
  })
  let aside: string | undefined
  let isOwn = false
  return {
    async begin() {
      if (decision.kind === 'start' && decision.aside) aside = await keepJournal(path, decision.aside)
      return aside
    },
    async keep(group) {
      if (decision.kind === 'ended') return
      await lock?.check()
      isOwn = true
      await writeJournal(path, journalOf(group))
    },
    async end(group, outcomes) {
      if (decision.kind === 'ended' && !isMoreKnown(outcomes, decision.outcomes)) return
      await lock?.check()
      await writeJournal(path, { ...journalOf(group), outcomes, endedAt: new Date().toISOString() })
    },
    async discard() {
      if (isOwn) await lock?.check()
      if (aside === undefined) {
        if (isOwn) await removeFile(path)
        return undefined
      }
      await (isOwn ? restoreJournal(path, aside) : removeFile(aside))
      return path
    },
  }
}

/** A result may arrive after the first report; and the service may forget an upload, whose results are then known only here. */
function isMoreKnown(now: FileOutcomes, before: FileOutcomes | undefined): boolean {
  return (
    before !== undefined &&
    now.failed.length < before.failed.length &&
    now.registered.length >= before.registered.length
  )
}
