/** Workers of a newer version may share the database: what they wrote in a form that is not known here is left for them. */
import { DatabaseError } from '../errors.ts'

/**
 * Throws `DatabaseError` for a form of a later version than this code knows. The job of it is then tried again, by whoever takes
 * it next, and nothing is changed.
 */
export function leaveToNewer(what: string, form: { version: number } | null): void {
  if (form && form.version !== 1) throw newerWork(what)
}

/** Checks what a job is for; throws `DatabaseError` when it is not said as this code says it. */
export function checkJob(id: unknown): void {
  if (typeof id !== 'string') throw newerWork('A job')
}

function newerWork(what: string): DatabaseError {
  return new DatabaseError(
    'newer-schema',
    `${what} was written by a newer version of @devicebatch/tracker, in a form that this one does not know. It is left for ` +
      'workers of that version. Update @devicebatch/tracker here.',
  )
}
