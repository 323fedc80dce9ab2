/** What is deleted when? It belongs to the database, so that all of its workers delete the same. */
import { InvalidArgumentError } from '@devicebatch/client'
import { checkNames } from '@devicebatch/edge/internal'
import type { Kysely } from 'kysely'

import type { Tables } from '../database/schema.ts'
import type { Settings } from '../options.ts'
import { resolveDays } from '../options.ts'

/** What workers delete. */
export interface StoredRetention {
  /** Days after which uploads that ended or were stopped are deleted, with their devices, and submissions; `null`: never. */
  endedAfterDays: number | null
  /** Days after which events are deleted; `null`: never. */
  eventsAfterDays: number | null
}

/** See `Tracker.getRetention`. */
export async function readRetention(
  kysely: Kysely<Tables>,
  { retention }: Pick<Settings, 'retention'>,
): Promise<StoredRetention> {
  const stored = await kysely.selectFrom('retention').selectAll().executeTakeFirst()
  if (stored) return { endedAfterDays: stored.ended_after_days, eventsAfterDays: stored.events_after_days }
  return {
    endedAfterDays: retention.endedAfterDays ?? null,
    eventsAfterDays: retention.eventsAfterDays ?? null,
  }
}

/** See `Tracker.setRetention`. */
export async function changeRetention(
  kysely: Kysely<Tables>,
  settings: Pick<Settings, 'retention'>,
  changed: Partial<StoredRetention>,
): Promise<StoredRetention> {
  checkNames(changed, { endedAfterDays: true, eventsAfterDays: true })
  for (const name of ['endedAfterDays', 'eventsAfterDays'] as const)
    if (changed[name] !== null) resolveDays(name, changed[name])
  const known = await readRetention(kysely, settings)
  const { endedAfterDays = known.endedAfterDays, eventsAfterDays = known.eventsAfterDays } = changed
  const row = { ended_after_days: endedAfterDays, events_after_days: eventsAfterDays }
  await kysely
    .insertInto('retention')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
  return { endedAfterDays, eventsAfterDays }
}

/** Stores the retention of the first worker that has one; a later worker with another one is told which applies. */
export async function agreeOnRetention(
  kysely: Kysely<Tables>,
  settings: Pick<Settings, 'retention' | 'onError'>,
): Promise<void> {
  const { endedAfterDays, eventsAfterDays } = settings.retention
  if (endedAfterDays === undefined && eventsAfterDays === undefined) return
  await kysely
    .insertInto('retention')
    .values({ ended_after_days: endedAfterDays ?? null, events_after_days: eventsAfterDays ?? null })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  const stored = await readRetention(kysely, settings)
  const isOther =
    (endedAfterDays ?? stored.endedAfterDays) !== stored.endedAfterDays ||
    (eventsAfterDays ?? stored.eventsAfterDays) !== stored.eventsAfterDays
  if (!isOther) return
  settings.onError(
    new InvalidArgumentError(
      '`retention` of this worker differs from that of the database, which applies to all of its workers: ' +
        `endedAfterDays ${stored.endedAfterDays ?? 'never'}, eventsAfterDays ${stored.eventsAfterDays ?? 'never'}. ` +
        'Change it with setRetention(), or leave the option out.',
    ),
  )
}
