/** Two processes must not continue the same upload: both would send the same devices. */
import { InvalidArgumentError } from '@devicebatch/client'
import { FileLockedError, FileLockLostError, lockFile } from '@devicebatch/files'

import { describeFileError } from '../files/file-error.ts'

/** A journal that only this process writes. */
export interface JournalLock {
  /** Rejects with `InvalidArgumentError` when another process has taken over the journal: nothing may be sent then. */
  check(): Promise<void>
  /** Releases the journal. Never rejects: the next process takes over a lock that could not be released. */
  release(): Promise<void>
}

/**
 * Locks the journal for this process. A lock that a dead process left behind is taken over; one from another container or machine
 * is observed first. Rejects with `InvalidArgumentError` when another process has the journal, and with the reason of `signal`.
 *
 * @param onWait Called with a line that says why it waits.
 */
export async function lockJournal(
  journal: string,
  signal: AbortSignal,
  onWait: (text: string) => void,
): Promise<JournalLock> {
  const subject = `The journal ${journal}`
  const remedy = 'cannot be written (choose another place with --journal)'
  try {
    const lock = await lockFile(`${journal}.lock`, {
      signal,
      onWait: (holder) =>
        onWait(
          `${holder ? `Process ${holder.pid} on ${holder.host}` : 'Another process'} may have this upload in progress. Waiting up to ` +
            '20 seconds for its heartbeat …',
        ),
    })
    return {
      check: () =>
        lock.check().catch((error: unknown) => {
          throw error instanceof FileLockLostError
            ? takenOver(journal, error)
            : describeFileError(error, subject, remedy)
        }),
      release: () => lock.release().catch(() => {}),
    }
  } catch (error) {
    if (error instanceof FileLockedError) throw inProgress(error)
    throw describeFileError(error, subject, remedy)
  }
}

function inProgress(error: FileLockedError): InvalidArgumentError {
  const { holder } = error
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'a process that its lock does not name'
  return new InvalidArgumentError(
    `Another devicebatch (${who}) has this upload in progress. Wait for it or end it, then run the same command again.`,
    undefined,
    error,
  )
}

function takenOver(journal: string, error: FileLockLostError): InvalidArgumentError {
  return new InvalidArgumentError(
    `Another devicebatch has taken over the journal ${journal} while this one was suspended, and continues the upload. ` +
      'This one sends nothing more.',
    undefined,
    error,
  )
}
