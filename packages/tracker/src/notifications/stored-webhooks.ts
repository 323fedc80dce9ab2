/** The webhooks, which belong to the database: every worker sends to the same ones. */
import { randomUUID } from 'node:crypto'

import { InvalidArgumentError } from '@devicebatch/client'
import type { Kysely, Selectable } from 'kysely'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { Tables, WebhooksTable } from '../database/schema.ts'
import type { NotificationType, TestNotification } from './notification.ts'
import { send } from './send.ts'
import type { WebhookSettings } from './webhook-settings.ts'
import { checkWebhook, checkWebhookName, shownAddress } from './webhook-settings.ts'

/** A webhook without its secrets. Plain JSON; times are ISO 8601 in UTC. */
export interface StoredWebhook {
  /** Its name. */
  name: string
  /** Its address without the query. */
  url: string
  /** How notifications are sent; see `WebhookSettings`. */
  format: 'standard' | 'teams'
  /** How many secrets sign its notifications. */
  secretCount: number
  /** The types it receives; absent when it receives all. */
  types?: NotificationType[]
  /** When it was first set. */
  createdAt: string
  /** When it was disabled, because its receiver responded with 410. */
  disabledAt?: string
  /** How many notifications are still to be delivered. */
  pending: number
  /** How many notifications could not be delivered. */
  dead: number
}

/** The result of a test. Plain JSON. */
export interface WebhookTest {
  /** The ID that was sent as `webhook-id`. */
  notificationId: string
  /** Whether the receiver accepted it. */
  isDelivered: boolean
  /** The HTTP status, when there was a response. */
  status?: number
  /** Why it failed. */
  error?: string
}

/** See `Tracker.setWebhook`. */
export async function setWebhook(
  open: () => Promise<Database>,
  settings: WebhookSettings,
): Promise<StoredWebhook> {
  const { name, url, format, secrets, types } = checkWebhook(settings)
  const values = {
    url,
    format,
    secrets: JSON.stringify(secrets),
    types,
    disabled_at: null,
  }
  const { kysely } = await open()
  await kysely
    .insertInto('webhooks')
    .values({ name, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .execute()
  return (await listWebhooks(kysely)).find((webhook) => webhook.name === name)!
}

/** See `Tracker.removeWebhook`. */
export async function removeWebhook(kysely: Kysely<Tables>, name: string): Promise<void> {
  const { id } = await findWebhook(kysely, name)
  await kysely.deleteFrom('webhooks').where('id', '=', id).execute()
}

/** See `Tracker.listWebhooks`. */
export async function listWebhooks(kysely: Kysely<Tables>): Promise<StoredWebhook[]> {
  const count = (
    state: 'pending' | 'dead',
  ) => sql<number>`(select count(*)::integer from devicebatch.notifications n
    where n.webhook_id = webhooks.id and n.state = ${state})`
  const rows = await kysely
    .selectFrom('webhooks')
    .selectAll()
    .select([count('pending').as('pending'), count('dead').as('dead')])
    .orderBy('name')
    .execute()
  return rows.map(({ name, url, format, secrets, types, created_at, disabled_at, pending, dead }) => ({
    name,
    url: shownAddress(url),
    format,
    secretCount: secrets.length,
    ...(types && { types: types as NotificationType[] }),
    createdAt: created_at.toISOString(),
    ...(disabled_at && { disabledAt: disabled_at.toISOString() }),
    pending,
    dead,
  }))
}

/** See `Tracker.testWebhook`. */
export async function testWebhook(kysely: Kysely<Tables>, name: string): Promise<WebhookTest> {
  const webhook = await findWebhook(kysely, name)
  const notification: TestNotification = {
    version: 1,
    type: 'webhook.test',
    timestamp: new Date().toISOString(),
    data: { webhook: name },
  }
  const id = randomUUID()
  const { status, error } = await send(webhook, { id, payload: JSON.stringify(notification) })
  return {
    notificationId: id,
    isDelivered: error === undefined,
    ...(status !== undefined && { status }),
    ...(error !== undefined && { error }),
  }
}

/** Rejects with `InvalidArgumentError` when there is no webhook of this name. */
export async function findWebhook(kysely: Kysely<Tables>, name: string): Promise<Selectable<WebhooksTable>> {
  checkWebhookName(name)
  const found = await kysely.selectFrom('webhooks').selectAll().where('name', '=', name).executeTakeFirst()
  if (found) return found
  const names = (await kysely.selectFrom('webhooks').select('name').orderBy('name').execute()).map(
    (webhook) => webhook.name,
  )
  throw new InvalidArgumentError(
    `There is no webhook ${name} in this database. ${names.length > 0 ? `It has ${names.join(', ')}.` : 'It has none: set one with setWebhook().'}`,
  )
}
