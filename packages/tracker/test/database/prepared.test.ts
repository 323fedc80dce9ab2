/** Statements that workers repeat are prepared, and still run where a connection pooler forgets them. */
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'

import type { Database } from '../../src/database/open-database.ts'
import { openDatabase } from '../../src/database/open-database.ts'
import { transact } from '../../src/database/transact.ts'
import { freshDatabase, isServer } from '../helpers.ts'

type Db = Database['kysely']

/** One connection, so that each statement meets those that were prepared before. */
async function open(): Promise<Db> {
  const database = await openDatabase(await freshDatabase(), () => undefined, undefined, 1)
  onTestFinished(() => database.close())
  return database.repeated
}

async function addOne(db: Db, number: number): Promise<number> {
  const { rows } = await sql<{ sum: number }>`select ${number}::integer + 1 as sum`.execute(db)
  return rows[0]!.sum
}

async function preparedStatements(db: Db): Promise<{ name: string; statement: string }[]> {
  const { rows } = await sql<{ name: string; statement: string }>`
    select name, statement from pg_prepared_statements where statement like '%as sum'`.execute(db)
  return rows
}

describe.runIf(isServer)('a statement with parameters', () => {
  test('is prepared once for each connection, under a name that only an equal text has', async () => {
    const [db, other] = [await open(), await open()]
    expect([await addOne(db, 1), await addOne(db, 2), await addOne(other, 3)]).toEqual([2, 3, 4])
    const statements = await preparedStatements(db)
    expect(statements).toHaveLength(1)
    expect(await preparedStatements(other)).toEqual(statements)
  })

  test('that the connection no longer knows runs unprepared, as all later ones do', async () => {
    const db = await open()
    await addOne(db, 1)
    await sql`deallocate all`.execute(db)
    expect(await addOne(db, 2)).toBe(3)
    expect(await addOne(db, 3)).toBe(4)
    expect(await preparedStatements(db)).toEqual([])
  })

  test('that another process has prepared on the connection runs unprepared', async () => {
    const [db, other] = [await open(), await open()]
    await addOne(other, 1)
    const [{ name, statement }] = (await preparedStatements(other)) as [{ name: string; statement: string }]
    await sql`prepare ${sql.raw(`"${name}" as ${statement}`)}`.execute(db)
    expect(await addOne(db, 2)).toBe(3)
  })

  test('that the connection of a transaction no longer knows repeats the transaction', async () => {
    const db = await open()
    await addOne(db, 1)
    let attempts = 0
    const sum = await transact(db, async (trx) => {
      attempts++
      if (attempts === 1) await sql`deallocate all`.execute(trx)
      return await addOne(trx, 2)
    })
    expect([sum, attempts]).toEqual([3, 2])
  })
})
