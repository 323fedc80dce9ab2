/** Prepared statements: a connection parses and plans a statement once, not each time. */
import { createHash } from 'node:crypto'

import type { PoolClient, QueryResult } from 'pg'

/**
 * Makes the function that turns a connection into one on which statements with parameters are prepared. It stops preparing when a
 * pooler such as PgBouncer is in between, which may give each statement another connection, without those that were prepared.
 */
export function createPreparer(): (client: PoolClient) => PoolClient {
  const prepared = new WeakMap<PoolClient, PoolClient>()
  const names = new Map<string, string>()
  let isPooled = false

  const nameOf = (text: string): string => {
    const name = names.get(text) ?? statementName(text)
    names.set(text, name)
    return name
  }
  const run = async (client: PoolClient, text: string, values: unknown[] = []): Promise<QueryResult> => {
    if (isPooled || values.length === 0) return await client.query(text, values)
    const isInTransaction = client.getTransactionStatus() !== 'I'
    try {
      return await client.query({ name: nameOf(text), text, values })
    } catch (error) {
      if (!isOfOtherConnection(error)) throw error
      isPooled = true
      // Nothing was done. `transact` repeats a transaction.
      if (isInTransaction) throw error
      return await client.query(text, values)
    }
  }
  return (client) => {
    const known = prepared.get(client)
    if (known) return known
    const query = (text: string, values?: unknown[]): Promise<QueryResult> => run(client, text, values)
    const made = Object.create(client, { query: { value: query } }) as PoolClient
    prepared.set(client, made)
    return made
  }
}

/**
 * Whether a statement was prepared on another connection than the one that should run it, or on that one by another process:
 * `invalid_sql_statement_name` and `duplicate_prepared_statement` (PostgreSQL, "Appendix A. Error Codes").
 */
export function isOfOtherConnection(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return code === '26000' || code === '42P05'
}

/** Equal only for equal texts, whichever process prepared them. */
function statementName(text: string): string {
  return `devicebatch_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
}
