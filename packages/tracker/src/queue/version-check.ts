/** Workers of a newer version may share the database: newer-format records are left to them. */
import { DatabaseError } from '../errors.ts'

/**
 * Throws `DatabaseError` for a format that is newer than this code. The job is then retried by the next worker that takes it,
 * and nothing changes.
 */
export function leaveToNewer(what: string, form: { version: number } | null): void {
  if (form && form.version !== 1) throw newerWork(what)
}

/** Checks the target of a job; throws `DatabaseError` when its format is unknown. */
export function checkJob(id: unknown): void {
  if (typeof id !== 'string') throw newerWork('A job')
}

function newerWork(what: string): DatabaseError {
  return new DatabaseError(
    'newer-schema',
    `${what} was written by a newer version of @devicebatch/tracker, in a format that this version does not know. It is left to ` +
      'workers of that version. Update @devicebatch/tracker in this program.',
  )
}
