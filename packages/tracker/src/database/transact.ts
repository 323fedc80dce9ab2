/** Database work that is repeated when PostgreSQL aborted it in favor of other work. */
import { setTimeout as sleep } from 'node:timers/promises'

import type { Kysely, Transaction } from 'kysely'

import { isOfOtherConnection } from './prepared.ts'
import type { Tables } from './schema.ts'

const attempts = 8

/**
 * Runs `work` in a transaction, and again when it was the victim of a deadlock or could not be serialized. `work` must have no
 * effect outside the database.
 */
export function transact<T>(
  kysely: Kysely<Tables>,
  work: (trx: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return repeatConflicts(() => kysely.transaction().setIsolationLevel('read committed').execute(work))
}

/** Repeats work that is its own transaction as long as it loses against others, at most eight times. */
export async function repeatConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === attempts || !isRepeatable(error)) throw error
      // Two that collided must not collide again.
      await sleep(Math.random() * 50 * 2 ** attempt)
    }
  }
}

/** Whether PostgreSQL refused the work for a reason outside the work itself, so that repeating it can succeed. */
export function isRepeatable(error: unknown): boolean {
  return isConflict(error) || isOfOtherConnection(error)
}

/** `deadlock_detected` and `serialization_failure` (PostgreSQL, "Appendix A. Error Codes"). */
function isConflict(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return code === '40P01' || code === '40001'
}
