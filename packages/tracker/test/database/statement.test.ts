/** Statements that are built once: each run has its own values, in the schema of its own database. */
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'

import type { Database } from '../../src/database/open-database.ts'
import { openDatabase } from '../../src/database/open-database.ts'
import { createSqlStatement, createStatement } from '../../src/database/statement.ts'
import { transact } from '../../src/database/transact.ts'
import { emptyDatabase } from '../helpers.ts'

type Db = Database['kysely']

async function open(schema: string): Promise<Db> {
  const database = await openDatabase(await emptyDatabase(), () => undefined, schema)
  onTestFinished(() => database.close())
  const { kysely } = database
  await sql`create schema ${sql.id(schema)}`.execute(kysely)
  await sql`create table devicebatch.customers (id uuid primary key, name text not null)`.execute(kysely)
  return kysely
}

const id = '47021739-3426-40bf-9601-61b4b6d7c793'

test('a statement is built once for each database, and names the schema of that', async () => {
  const [one, other] = [await open('one'), await open('other')]
  let built = 0
  const add = createStatement<{ id: string; name: string }, { name: string }>((db, value) => {
    built++
    return db
      .insertInto('customers')
      .values({ id: value('id'), name: value('name') })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ name: value('name') }))
      .returning('name')
  })
  expect(await add(one, { id, name: 'A' })).toEqual([{ name: 'A' }])
  expect(await add(one, { id, name: 'B' })).toEqual([{ name: 'B' }])
  expect(await add(other, { id, name: 'C' })).toEqual([{ name: 'C' }])
  expect(await one.selectFrom('customers').select('name').execute()).toEqual([{ name: 'B' }])
  expect(built).toBe(2)
})

test('a statement written as SQL takes part in a transaction, and is not built again for it', async () => {
  const db = await open('one')
  let built = 0
  const add = createSqlStatement<{ id: string; name: string | null }, { name: string }>((value) => {
    built++
    return sql`insert into devicebatch.customers values (${value('id')}, coalesce(${value('name')}, 'none')) returning name`
  })
  const rollback = new Error('rolled back')
  const adding = transact(db, async (trx) => {
    expect(await add(trx, { id, name: null })).toEqual([{ name: 'none' }])
    throw rollback
  })
  await expect(adding).rejects.toBe(rollback)
  expect(await add(db, { id, name: 'A' })).toEqual([{ name: 'A' }])
  expect(built).toBe(1)
})
