/** The results of uploads: how many devices, with which outcomes, and why those that failed did. */
import type { DeviceCounts } from '@devicebatch/client'
import type { RawBuilder, Transaction } from 'kysely'
import { sql } from 'kysely'

import type { Tables } from '../database/schema.ts'
import type { NotifiedCause } from './notification.ts'

/** The results as a notification contains them. */
export interface NotifiedResults {
  counts: DeviceCounts
  causes: NotifiedCause[]
  emulated?: true
}

/** Adds up the results of the uploads that match a condition on the table `uploads`. */
export async function readResults(
  trx: Transaction<Tables>,
  condition: RawBuilder<boolean>,
): Promise<NotifiedResults> {
  const sum = (column: string) => sql<number>`coalesce(sum(${sql.ref(column)}), 0)::integer`
  const { emulated, ...counts } = await trx
    .selectFrom('uploads')
    .select([
      sum('total').as('total'),
      sum('pending').as('pending'),
      sum('succeeded').as('succeeded'),
      sum('already_registered').as('alreadyRegistered'),
      sum('failed').as('failed'),
      sum('unresolved').as('unresolved'),
      sql<boolean>`coalesce(bool_or(emulated), false)`.as('emulated'),
    ])
    .where(condition)
    .executeTakeFirstOrThrow()
  return {
    counts,
    causes: counts.failed > 0 ? await readCauses(trx, condition) : [],
    ...(emulated && { emulated: true }),
  }
}

const mostCauses = 10

async function readCauses(
  trx: Transaction<Tables>,
  condition: RawBuilder<boolean>,
): Promise<NotifiedCause[]> {
  const rows = await trx
    .selectFrom('device_results')
    .innerJoin('uploads', 'uploads.batch_tracking_id', 'device_results.batch_tracking_id')
    .select(['error_code', 'error_description', sql<number>`count(*)::integer`.as('devices')])
    .where(condition)
    .where('device_results.outcome', '=', 'failed')
    .groupBy(['error_code', 'error_description'])
    .orderBy('devices', 'desc')
    .orderBy('error_code')
    .limit(mostCauses)
    .execute()
  return rows.map(({ error_code: errorCode, error_description: errorDescription, devices }) => ({
    ...(errorCode !== null && { errorCode }),
    ...(errorDescription !== null && { errorDescription }),
    devices,
  }))
}
