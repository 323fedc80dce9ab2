/** Database errors, and the stored form of an error. */
import type { DatabaseFailure } from '@devicebatch/client'
import { explainError, isPartnerCenterError, PartnerCenterError } from '@devicebatch/client'

import type { RecordedError } from './database/schema.ts'

/**
 * Why the database cannot be used.
 *
 * - `'unreachable'`: no connection, the server refused it, or the directory cannot be created or written.
 * - `'newer-schema'`: a newer version of this package changed the tables, or wrote data in a format that this version does not
 * know.
 * - `'in-use'`: another process has the directory of an embedded database open.
 * - `'other-partner'`: the tables belong to another partner.
 * - `'refused'`: the database refused a statement.
 */
export type DatabaseErrorReason = 'unreachable' | 'newer-schema' | 'in-use' | 'other-partner' | 'refused'

/** The database cannot be used; the message says how to fix it. */
export class DatabaseError extends PartnerCenterError implements DatabaseFailure {
  override readonly code = 'database'
  /** Why it cannot be used. */
  readonly reason: DatabaseErrorReason

  /** @hidden */
  constructor(reason: DatabaseErrorReason, message: string, cause?: unknown) {
    super(message, { isRetryable: reason === 'unreachable' }, cause)
    this.reason = reason
  }
}
Object.defineProperty(DatabaseError.prototype, 'name', {
  value: 'DatabaseError',
  configurable: true,
  writable: true,
})

/** The error for a failed connection. Names the server, never its password. */
export function unreachable(url: string, cause: unknown): DatabaseError {
  const { host, pathname, username } = new URL(url)
  const code = (cause as { code?: unknown } | undefined)?.code
  const where = `the PostgreSQL server at ${host || 'localhost'}`
  const name = decodeURIComponent(pathname.slice(1)) || '(none)'
  const [what, fix] =
    code === '28P01' || code === '28000'
      ? [`${where} refused the user ${username || '(none)'}`, 'Check the user and the password in the URL.']
      : code === '3D000'
        ? [`${where} has no database ${name}`, `Create it, or name another one in the URL.`]
        : code === 'ENOTFOUND' || code === 'EAI_AGAIN'
          ? [`the host of ${where} was not found`, 'Check the host in the URL.']
          : code === '53300'
            ? [`${where} has no free connection`, 'Raise its connection limit, or run fewer processes.']
            : [`${where} cannot be reached`, 'Check that it is running, and the host and port in the URL.']
  const reason = cause instanceof Error && cause.message ? ` (${cause.message})` : ''
  return new DatabaseError('unreachable', `No connection: ${what}${reason}. ${fix}`, cause)
}

/** The error for a poll whose result the database refused to record. */
export function unrecorded(cause: unknown): DatabaseError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new DatabaseError(
    'refused',
    `The service responded, but the database refused to record it: ${reason}. The upload is polled again every 5 minutes. ` +
      'Fix the cause in the database, or update @devicebatch/tracker.',
    cause,
  )
}

/** Converts an error to its stored form, without the stack. */
export function recordError(error: unknown): RecordedError {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  if (!isPartnerCenterError(error)) return { name, message }
  const { code, requestId } = error
  return {
    name,
    message,
    code,
    ...('status' in error && typeof error.status === 'number' && { status: error.status }),
    ...(requestId && { requestId }),
    reason: explainError(error).reason,
  }
}
