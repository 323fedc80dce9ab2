/**
 * Writes notifications, in the transaction that makes them true: if it is rolled back, nothing is sent; if it is committed, a
 * worker delivers them even after a crash.
 */
import type { RawBuilder, Transaction } from 'kysely'
import { sql } from 'kysely'

import type { Tables } from '../database/schema.ts'
import type { Jobs } from '../queue/jobs.ts'
import type { Notification, NotificationType } from './notification.ts'

/** A notification that may have to be written. */
export interface NewNotification<Type extends NotificationType> {
  type: Type
  /** A webhook receives the notifications with the same subject in order. */
  subject: string
  /** Reads what the notification says; only called if a webhook wants it. */
  read: () => Promise<Extract<Notification, { type: Type }>['data']>
}

/** Writes a notification for each webhook that wants its type; without one, it costs one small query. */
export async function notify<Type extends NotificationType>(
  trx: Transaction<Tables>,
  jobs: Jobs,
  { type, subject, read }: NewNotification<Type>,
): Promise<void> {
  // A webhook that is removed meanwhile must not fail what the notification is about.
  const webhooks = await subscribers(trx, type).forKeyShare().execute()
  const [first] = webhooks
  if (!first) return
  const payload = JSON.stringify({ version: 1, type, timestamp: first.at.toISOString(), data: await read() })
  await trx
    .insertInto('notifications')
    .values(webhooks.map(({ id, at }) => ({ webhook_id: id, subject, type, at, payload })))
    .execute()
  for (const { id: webhookId } of webhooks) await jobs.sendNotification(trx, { webhookId, subject })
}

/** Whether a webhook wants notifications of this type. */
export async function isWanted(trx: Transaction<Tables>, type: NotificationType): Promise<boolean> {
  return (await subscribers(trx, type).limit(1).executeTakeFirst()) !== undefined
}

function subscribers(trx: Transaction<Tables>, type: NotificationType) {
  return trx
    .selectFrom('webhooks')
    .select(['id', sql<Date>`now()`.as('at')])
    .where(isSubscribed(type))
}

/** Whether the webhook of a row wants notifications of this type. */
export function isSubscribed(type: NotificationType): RawBuilder<boolean> {
  return sql`(disabled_at is null and (types is null or ${type} = any(types)))`
}
