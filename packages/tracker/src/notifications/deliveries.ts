/** What was sent, what is still to be sent, and what could not be: the list, and another try. */
import { InvalidArgumentError } from '@devicebatch/client'
import { checkGuid } from '@devicebatch/edge/internal'
import type { Selectable } from 'kysely'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { NotificationsTable, NotificationState } from '../database/schema.ts'
import { transact } from '../database/transact.ts'
import { checkOneOf } from '../queries/filters.ts'
import { pages } from '../queries/pages.ts'
import type { Jobs } from '../queue/jobs.ts'
import type { Notification, NotificationType } from './notification.ts'
import { findWebhook } from './stored-webhooks.ts'

/** A notification to one webhook. Plain JSON; times are ISO 8601 in UTC. */
export interface TrackedNotification {
  /** The `webhook-id`, the same in every attempt. */
  notificationId: string
  /** The name of the webhook. */
  webhook: string
  /** What happened. */
  type: NotificationType
  /** Still to be delivered, delivered, or given up (`'dead'`): pass it to `redeliverNotification()`. */
  state: NotificationState
  /** How many attempts there were. */
  attempts: number
  /** When it happened. */
  at: string
  /** When the last attempt was made. */
  attemptedAt?: string
  /** When the next attempt is due; only while it is pending. */
  nextAttemptAt?: string
  /** The HTTP status of the last attempt, if there was a response. */
  status?: number
  /** Why the last attempt failed. */
  error?: string
  /** What is sent. */
  notification: Notification
}

/** A filter for notifications; all conditions must match. */
export interface NotificationFilter {
  /** Of the webhook with this name. */
  webhook?: string | undefined
  /** In this state. */
  state?: NotificationState | undefined
  /** The latest first. Default false. */
  newestFirst?: boolean | undefined
}

const states: readonly NotificationState[] = ['pending', 'delivered', 'dead']

/** See `Tracker.listNotifications`. */
export async function* listNotifications(
  open: () => Promise<Database>,
  { webhook, state, newestFirst = false }: NotificationFilter = {},
): AsyncGenerator<TrackedNotification, void, undefined> {
  checkOneOf('state', state, states)
  const { kysely } = await open()
  let query = kysely
    .selectFrom('notifications')
    .innerJoin('webhooks', 'webhooks.id', 'notifications.webhook_id')
    .selectAll('notifications')
    .select('webhooks.name')
  if (webhook !== undefined) query = query.where('webhook_id', '=', (await findWebhook(kysely, webhook)).id)
  if (state !== undefined) query = query.where('state', '=', state)
  const order = newestFirst ? 'desc' : 'asc'
  const rows = pages(query.orderBy('sequence', order), ({ sequence }) =>
    newestFirst ? sql<boolean>`sequence < ${sequence}::bigint` : sql<boolean>`sequence > ${sequence}::bigint`,
  )
  for await (const row of rows) yield toNotification(row)
}

/** See `Tracker.redeliverNotification`. */
export async function redeliverNotification(
  { database, jobs }: { database: Database; jobs: Jobs },
  notificationId: string,
): Promise<void> {
  const id = checkGuid('notificationId', notificationId).toLowerCase()
  await transact(database.kysely, async (trx) => {
    const known = await trx
      .selectFrom('notifications')
      .innerJoin('webhooks', 'webhooks.id', 'notifications.webhook_id')
      .select(['notifications.state', 'webhook_id', 'subject', 'webhooks.name', 'webhooks.disabled_at'])
      .where('notifications.id', '=', id)
      .forNoKeyUpdate('notifications')
      .executeTakeFirst()
    const problem = !known
      ? 'does not exist in this database. List the notifications to find it.'
      : known.disabled_at
        ? `is for the webhook ${known.name}, which is disabled. Set that webhook again first.`
        : known.state === 'pending' && 'is still to be delivered: list the notifications to see when.'
    if (problem) throw new InvalidArgumentError(`\`notificationId\` ${id} ${problem}`)
    await trx
      .updateTable('notifications')
      .set({ state: 'pending', attempts: 0, due_at: sql<Date>`now()` })
      .where('id', '=', id)
      .execute()
    await jobs.sendNotification(trx, { webhookId: known!.webhook_id, subject: known!.subject })
  })
}

function toNotification(row: Selectable<NotificationsTable> & { name: string }): TrackedNotification {
  return {
    notificationId: row.id,
    webhook: row.name,
    type: row.type as NotificationType,
    state: row.state,
    attempts: row.attempts,
    at: row.at.toISOString(),
    ...(row.attempted_at && { attemptedAt: row.attempted_at.toISOString() }),
    ...(row.state === 'pending' && { nextAttemptAt: row.due_at.toISOString() }),
    ...(row.status !== null && { status: row.status }),
    ...(row.error !== null && { error: row.error }),
    notification: JSON.parse(row.payload) as Notification,
  }
}
