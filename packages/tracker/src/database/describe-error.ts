/** What does a database error mean, and how is it fixed? */
import type { DatabaseErrorReason } from '../errors.ts'
import { DatabaseError } from '../errors.ts'

/** The SQLSTATEs (PostgreSQL, "Appendix A. Error Codes") that a caller can act on. */
const known: readonly [RegExp, DatabaseErrorReason, string, string][] = [
  [
    /^53300$/,
    'unreachable',
    'has no free connection',
    'Raise the connection limit of the server, the database or the role, or run fewer processes.',
  ],
  [
    /^(08|57P)/,
    'unreachable',
    'broke the connection',
    'Check that it is running; the next call tries again.',
  ],
  [
    /^42501$/,
    'refused',
    'does not give this user the rights',
    'Grant the user all privileges on the schemas devicebatch and devicebatch_jobs, or let it create them.',
  ],
  [
    /^25006$/,
    'refused',
    'is read-only',
    'Use the primary server, or make the database writable; the tracker writes even to answer a query.',
  ],
  [/^53[12]00$/, 'refused', 'is full', 'Free or add space; unfinished work then continues.'],
  [
    /^42P01$|^3F000$|^42703$|^42883$/,
    'refused',
    'lacks tables of the tracker',
    'Restore them from a backup, or name another database.',
  ],
]

/** The error for the tracker's caller: a database error becomes a `DatabaseError`, and every other one stays unchanged. */
export function toDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError) return error
  const { code } = error as { code?: unknown }
  if (isBroken(error, code)) {
    return new DatabaseError(
      'unreachable',
      `No connection: the database cannot be reached (${error.message}). Check that it is running.`,
      error,
    )
  }
  if (typeof code !== 'string' || !/^[\dA-Z]{5}$/.test(code) || !('severity' in error)) return error
  const [, reason, what, fix] = known.find(([pattern]) => pattern.test(code)) ?? [
    undefined,
    'refused' as const,
    'refused a statement',
    'Nothing was changed. Fix the cause in the database, or update @devicebatch/tracker.',
  ]
  return new DatabaseError(reason, `The database ${what} (${error.message}). ${fix}`, error)
}

/** Whether the connection failed, which says nothing about the work itself. */
export function isUnreachable(error: unknown): boolean {
  const described = toDatabaseError(error)
  return described instanceof DatabaseError && described.reason === 'unreachable'
}

/** The errors, without a SQLSTATE, that pg throws when there is no connection. */
function isBroken({ message }: Error, code: unknown): boolean {
  return (
    (typeof code === 'string' && networkCodes.has(code)) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      message,
    )
  )
}

const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** The same methods, whose promises and iterations reject with `DatabaseError` when the database is the cause. */
export function withDatabaseErrors<Methods extends object>(methods: Methods): Methods {
  const wrap =
    (method: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown => {
      const result = method(...args)
      if (result instanceof Promise) return result.catch(rethrow)
      return typeof result === 'object' && result !== null && Symbol.asyncIterator in result
        ? iterate(result as AsyncIterable<unknown>)
        : result
    }
  return Object.fromEntries(
    Reflect.ownKeys(methods).map((key) => [key, wrap(Reflect.get(methods, key) as () => unknown)]),
  ) as Methods
}

async function* iterate(items: AsyncIterable<unknown>): AsyncGenerator<unknown, void, undefined> {
  try {
    yield* items
  } catch (error) {
    rethrow(error)
  }
}

function rethrow(error: unknown): never {
  throw toDatabaseError(error)
}
