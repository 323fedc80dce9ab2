/** What is paused? A pause is a row, so that every worker obeys it, also after a restart. */
import { InvalidArgumentError } from '@devicebatch/client'
import { checkGuid, checkNames } from '@devicebatch/edge/internal'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { Tables } from '../database/schema.ts'
import { transact } from '../database/transact.ts'
import type { Jobs } from '../queue/jobs.ts'
import type { ActionOptions } from './actor.ts'
import { actorOf } from './actor.ts'
import { freeParked } from './parked.ts'

/** What to pause or to continue. */
export interface PauseScope {
  /** Only this customer, by its Microsoft Entra tenant ID. Default: everything. */
  customerId?: string | undefined
}

/** What is paused. Plain JSON; times are ISO 8601 in UTC. */
export interface Pauses {
  /** Since when everything is paused; absent when it is not. */
  everythingSince?: string
  /** Who paused everything, if known. */
  everythingBy?: string
  /** The customers that are paused individually, and who paused each of them, if known. */
  customers: { customerId: string; pausedSince: string; pausedBy?: string }[]
}

/** See `Tracker.pause`. */
export async function pause(
  { kysely }: Database,
  { by, ...scope }: PauseScope & ActionOptions,
): Promise<Pauses> {
  const pausedBy = actorOf(by)
  const name = await scopeOf(kysely, scope)
  await kysely
    .insertInto('pauses')
    .values({ scope: name, paused_by: pausedBy })
    .onConflict((conflict) => conflict.column('scope').doNothing())
    .execute()
  return await readPauses(kysely)
}

/** See `Tracker.unpause`. */
export async function unpause(
  context: { database: Database; jobs: Jobs },
  scope: PauseScope,
): Promise<Pauses> {
  const { kysely } = context.database
  const name = await scopeOf(kysely, scope)
  // Waits for the workers that are about to park something because of it.
  await transact(kysely, (trx) => trx.deleteFrom('pauses').where('scope', '=', name).execute())
  await freeParked(context)
  return await readPauses(kysely)
}

/** See `Tracker.getPauses`. */
export async function readPauses(kysely: Kysely<Tables>): Promise<Pauses> {
  const rows = await kysely.selectFrom('pauses').selectAll().orderBy('paused_at').orderBy('scope').execute()
  const everything = rows.find(({ scope }) => scope === 'everything')
  return {
    ...(everything && { everythingSince: everything.paused_at.toISOString() }),
    ...(everything?.paused_by && { everythingBy: everything.paused_by }),
    customers: rows
      .filter((row) => row !== everything)
      .map(({ scope, paused_at: at, paused_by: by }) => ({
        customerId: scope,
        pausedSince: at.toISOString(),
        ...(by !== null && { pausedBy: by }),
      })),
  }
}

/** Whether work of the customer in this column is paused. */
export function isPaused(customerId: string): RawBuilder<boolean> {
  return sql`exists (select from devicebatch.pauses where scope in ('everything', ${sql.ref(customerId)}::text))`
}

/** The same for a query of many rows: the pauses are read once, not for each row. */
export function isAnyPaused(customerId: string): RawBuilder<boolean> {
  return sql`(exists (select from devicebatch.pauses where scope = 'everything')
    or ${sql.ref(customerId)}::text in (select scope from devicebatch.pauses))`
}

async function scopeOf(kysely: Kysely<Tables>, scope: PauseScope): Promise<string> {
  checkNames(scope, { customerId: true })
  if (scope.customerId === undefined) return 'everything'
  const customerId = checkGuid('customerId', scope.customerId).toLowerCase()
  await checkCustomer(kysely, customerId)
  return customerId
}

/** Rejects with `InvalidArgumentError` when nothing was ever submitted or tracked for the customer: its ID is mistyped. */
async function checkCustomer(kysely: Kysely<Tables>, customerId: string): Promise<void> {
  const { rows } = await sql<{ is_known: boolean }>`
    select exists (select from devicebatch.submissions where customer_id = ${customerId}::uuid)
      or exists (select from devicebatch.uploads where customer_id = ${customerId}::uuid) as is_known`.execute(
    kysely,
  )
  if (rows[0]!.is_known) return
  throw new InvalidArgumentError(
    `\`customerId\` ${customerId} has neither submissions nor uploads in this database. Check the ID; listCustomers() and ` +
      '"devicebatch tracker list" show the customers.',
  )
}
