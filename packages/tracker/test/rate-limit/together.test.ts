/** One statement takes the slots of many requests. */
import { randomUUID } from 'node:crypto'

import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'

import type { Database } from '../../src/database/open-database.ts'
import { openDatabase } from '../../src/database/open-database.ts'
import { createRequestSlots, partnerKey, selectSlot } from '../../src/rate-limit/request-slots.ts'
import { freshDatabase, isServer } from '../helpers.ts'

async function open(): Promise<Database> {
  const database = await openDatabase(await freshDatabase(), () => undefined)
  onTestFinished(() => database.close())
  return database
}

async function takeAll({ kysely }: Database, customerIds: readonly string[]): Promise<void> {
  await sql`
    select slot.wait_ms from unnest(${customerIds}::uuid[]) as customer(id),
      lateral (${selectSlot(sql`customer.id`, sql`null`, sql`null`)}) slot`.execute(kysely)
}

test('each slot of a statement counts, for its customer and for the partner', async () => {
  const database = await open()
  const [one, other] = [randomUUID(), randomUUID()]
  await takeAll(database, [one, other, one, one])
  const { rows } = await sql<{ key: string; requests: string; next_at: Date }>`
    select key, requests, next_at from devicebatch.request_slots`.execute(database.kysely)
  const [ofPartner, ofOne, ofOther] = [partnerKey, `${partnerKey}/${one}`, `${partnerKey}/${other}`].map(
    (key) => rows.find((row) => row.key === key)!,
  )
  expect([ofPartner, ofOne, ofOther].map((row) => Number(row!.requests))).toEqual([4, 3, 1])
  // The last one was for this customer; without stored limits, 120 a minute for a customer and 500 for the partner.
  const apartMs = ofOne!.next_at.getTime() - ofPartner!.next_at.getTime()
  expect(Math.abs(apartMs - (62_000 / 120 - 62_000 / 500))).toBeLessThan(2)
})

describe.runIf(isServer)('statements that take slots for the same customers in any order', () => {
  test('never wait for each other, nor for a pause', async () => {
    const database = await open()
    const slots = createRequestSlots(database)
    const customers = Array.from({ length: 6 }, () => randomUUID())
    const repeat = async (action: () => Promise<unknown>): Promise<void> => {
      for (let round = 0; round < 60; round++) await action()
    }
    await Promise.all([
      repeat(() => takeAll(database, customers)),
      repeat(() => takeAll(database, customers.toReversed())),
      repeat(() => slots.pause(customers[0]!, 1)),
      repeat(() => slots.tryTake(customers[3]!, undefined)),
    ])
  })
})
