/** Delivers the pending notifications of a subject to its webhook: in order, and at least once. */
import type { Selectable } from 'kysely'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { NotificationsTable, WebhooksTable } from '../database/schema.ts'
import { transact } from '../database/transact.ts'
import type { Settings } from '../options.ts'
import type { NotificationJob } from '../queue/jobs.ts'
import { checkJob } from '../queue/version-check.ts'
import { HandBack } from '../queue/work-loop.ts'
import { milliseconds } from '../rate-limit/request-slots.ts'
import type { AfterAttempt } from './after-attempt.ts'
import { decideAfterAttempt } from './after-attempt.ts'
import type { Attempt } from './send.ts'
import { attemptMs, send } from './send.ts'

/**
 * Runs a job. Rejects with `HandBack` when the first pending notification must wait: those behind it wait with it, because a
 * receiver must not hear of an end before what led to it.
 */
export async function deliverPending(
  { database, settings }: { database: Database; settings: Pick<Settings, 'onError'> },
  job: NotificationJob,
  signal: AbortSignal,
): Promise<void> {
  checkJob(job.webhookId)
  for (;;) {
    const due = await claimFirst(database, job)
    if (!due) return
    if (due.wait_ms > 0) throw new HandBack<NotificationJob>(due.wait_ms, job)
    let attempt: Attempt
    try {
      attempt = await send(due, due, signal)
    } catch (error) {
      await record(database, due, { due_at: sql<Date>`now()`, attempts: due.attempts - 1 })
      throw error
    }
    const after = decideAfterAttempt(attempt, due.attempts, Math.random())
    const isFinal = await recordAttempt(database, due, attempt, after)
    const problem = isFinal ? describe(due, attempt, after) : undefined
    if (problem !== undefined) settings.onError(new Error(problem))
  }
}

/** A notification with its webhook; `wait_ms` is how long until it is due. */
type Due = Selectable<Pick<NotificationsTable, 'id' | 'webhook_id' | 'attempts' | 'payload' | 'type'>> &
  Selectable<Pick<WebhooksTable, 'name' | 'format' | 'url' | 'secrets'>> & { wait_ms: number }

/**
 * How long other workers leave a notification alone that one has claimed, in milliseconds: longer than an attempt takes, so that
 * a second attempt is only made when the worker of the first one is gone.
 */
const claimMs = 2 * attemptMs

/** Claims the first pending notification of a subject, if it is due. */
async function claimFirst(
  { kysely }: Database,
  { webhookId, subject }: NotificationJob,
): Promise<Due | undefined> {
  return await transact(kysely, async (trx) => {
    const first = await trx
      .selectFrom('notifications')
      .innerJoin('webhooks', 'webhooks.id', 'notifications.webhook_id')
      .select([
        'notifications.id',
        'notifications.webhook_id',
        'notifications.attempts',
        'notifications.payload',
        'notifications.type',
        'webhooks.name',
        'webhooks.format',
        'webhooks.url',
        'webhooks.secrets',
        sql<number>`greatest(0, extract(epoch from due_at - now()) * 1000)::double precision`.as('wait_ms'),
      ])
      .where('webhook_id', '=', webhookId)
      .where('subject', '=', subject)
      .where('state', '=', 'pending')
      .orderBy('sequence')
      .limit(1)
      .forNoKeyUpdate('notifications')
      .executeTakeFirst()
    if (!first || first.wait_ms > 0) return first
    const attempts = first.attempts + 1
    await trx
      .updateTable('notifications')
      .set({
        attempts,
        attempted_at: sql<Date>`now()`,
        due_at: sql<Date>`now() + ${milliseconds(claimMs)}::interval`,
      })
      .where('id', '=', first.id)
      .execute()
    return { ...first, attempts }
  })
}

/** Records the result of an attempt; false when it was a 410 of an address that is not the webhook's anymore. */
async function recordAttempt(
  database: Database,
  due: Due,
  { status = null, error = null }: { status?: number | null; error?: string | null },
  after: AfterAttempt,
): Promise<boolean> {
  const known = { status, error }
  if (after.kind === 'delivered') await record(database, due, { ...known, state: 'delivered' })
  if (after.kind === 'give-up') await record(database, due, { ...known, state: 'dead' })
  if (after.kind === 'retry')
    await record(database, due, {
      ...known,
      due_at: sql<Date>`now() + ${milliseconds(after.delayMs)}::interval`,
    })
  if (after.kind !== 'disable' || (await disable(database, due, known))) return true
  await record(database, due, { ...known, due_at: sql<Date>`now()` })
  return false
}

/** Records the result of an attempt, unless another worker has claimed the notification meanwhile. */
async function record(
  { kysely }: Pick<Database, 'kysely'>,
  { id, attempts }: Due,
  values: object,
): Promise<void> {
  await kysely
    .updateTable('notifications')
    .set(values)
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .where('state', '=', 'pending')
    .execute()
}

/** Disables a webhook that does not exist anymore, and gives up all that is pending for it; false if it has another address now. */
async function disable(
  { kysely }: Database,
  { webhook_id: id, url }: Due,
  known: { status: number | null; error: string | null },
): Promise<boolean> {
  return await transact(kysely, async (trx) => {
    const disabled = await trx
      .updateTable('webhooks')
      .set({ disabled_at: sql<Date>`now()` })
      .where('id', '=', id)
      // It may have been set to another address during the attempt.
      .where('url', '=', url)
      .returning('id')
      .executeTakeFirst()
    if (!disabled) return false
    await trx
      .updateTable('notifications')
      .set({ ...known, state: 'dead' })
      .where('webhook_id', '=', id)
      .where('state', '=', 'pending')
      .execute()
    return true
  })
}

/** What somebody should hear of. */
function describe(
  { id, name, type, attempts }: Due,
  { error }: Attempt,
  after: AfterAttempt,
): string | undefined {
  if (after.kind === 'disable') {
    return (
      `The webhook ${name} is disabled, because its receiver responded with 410: it no longer exists. ` +
      'Set it again with setWebhook(), and redeliver what is dead, or remove it.'
    )
  }
  if (after.kind !== 'give-up') return undefined
  return `Notification ${id} (${type}) was not delivered to the webhook ${name} in ${attempts} attempts. ${error} Then pass it to redeliverNotification().`
}
