/**
 * The positions of events: readers assign them after the commit. So no writer waits for another, no reader waits for an unrelated
 * transaction, and an event that commits late comes after those already read.
 */
import { InvalidArgumentError } from '@devicebatch/client'
import { show } from '@devicebatch/edge/internal'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

import type { Tables } from '../database/schema.ts'

/** The numbering of the events: a restored database begins a new one. */
export interface EventLog {
  epoch: string
  /** The number of the newest event that has one. */
  last: string
}

/** Reads the numbering; begins a new one in a restored or copied database. */
export async function openLog(kysely: Kysely<Tables>): Promise<EventLog> {
  const identity = sql`(select system_identifier from pg_control_system()) || '/' || (select oid from pg_database
    where datname = current_database()) || '/' || 'devicebatch.events'::regclass::oid`
  const read = sql<EventLog & { is_same: boolean }>`
    select epoch, last_number::text as last, identity is not distinct from ${identity} as is_same from devicebatch.event_log`
  const { rows } = await read.execute(kysely)
  if (rows[0]!.is_same) return rows[0]!
  await sql`
    update devicebatch.event_log set identity = ${identity}, epoch = 'e' || substr(md5(random()::text), 1, 8)
    where identity is distinct from ${identity}`.execute(kysely)
  return (await read.execute(kysely)).rows[0]!
}

/** Numbers the events that were committed since; returns how many. */
export async function numberEvents(kysely: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select devicebatch.number_events() as count`.execute(kysely)
  return rows[0]!.count
}

export function formatPosition({ epoch }: Pick<EventLog, 'epoch'>, number: string): string {
  return `${epoch}-${number}`
}

/** The number after which events are read. Rejects with `InvalidArgumentError` for a position of another numbering. */
export function numberAfter(after: string | undefined, { epoch, last }: EventLog): string {
  if (after === undefined) return '0'
  const parts = typeof after === 'string' ? /^(e[\da-f]{8})-(\d{1,18})$/.exec(after) : null
  if (!parts) {
    throw new InvalidArgumentError(
      `\`after\` must be the \`position\` of an event, such as "e05f3a71c-12"; got ${show(after)}. Omit it to start with the oldest event.`,
    )
  }
  if (parts[1] === epoch && BigInt(parts[2]!) <= BigInt(last)) return parts[2]!
  throw new InvalidArgumentError(
    `\`after\` ${after} is a position of another database, or this one was restored from a backup since: its newest position is ` +
      `${formatPosition({ epoch }, last)}. Read the current state with listUploads() and listSubmissions(), and continue after ` +
      'that position; omit `after` to read all stored events again.',
  )
}
