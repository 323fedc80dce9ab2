/** Settings of the database, for all of its workers. */
import { randomUUID } from 'node:crypto'

import { InvalidArgumentError } from '@devicebatch/client'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'

import { createTracker } from '../../src/index.ts'
import {
  all,
  fastEmulator,
  freshDatabase,
  isServer,
  runSql,
  trackerOn,
  until,
  waitingStatements,
} from '../helpers.ts'

test('the retention of the first worker is stored, changed by a call, shown, and obeyed', async () => {
  const database = await freshDatabase()
  const old = `insert into devicebatch.uploads (batch_tracking_id, customer_id, state, ended_at)
    select md5(i::text)::uuid, md5(i::text)::uuid, 'ended', now() - i * interval '1 day' from generate_series(1, 9) i; select 1`
  await runSql(database, old)
  const first = trackerOn(database, fastEmulator(), { retention: { endedAfterDays: 30 } })
  await first.start()
  await first.close()
  const tracker = trackerOn(database, fastEmulator())
  expect(await tracker.getRetention()).toEqual({ endedAfterDays: 30, eventsAfterDays: null })
  expect(await tracker.applyRetention()).toMatchObject({ uploads: 0 })
  expect(await tracker.setRetention({ endedAfterDays: 4.5 })).toEqual({
    endedAfterDays: 4.5,
    eventsAfterDays: null,
  })
  expect(await tracker.applyRetention()).toMatchObject({ uploads: 5 })
  expect(await tracker.setRetention({ endedAfterDays: null, eventsAfterDays: 7 })).toEqual({
    endedAfterDays: null,
    eventsAfterDays: 7,
  })
  expect(await tracker.applyRetention()).toMatchObject({ uploads: 0 })
})

test('notifications are deleted with the events, but never one that is still to be delivered', async () => {
  const database = await freshDatabase()
  const first = trackerOn(database, fastEmulator())
  const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']
  await first.setWebhook({ name: 'helpdesk', url: 'https://example.com/', secrets })
  await first.close()
  await runSql(
    database,
    `insert into devicebatch.notifications (webhook_id, subject, type, at, payload, state, due_at)
      select w.id, s.state, 'submission.ended', now() - interval '8 days', '{}', s.state, now() + interval '1 day'
      from devicebatch.webhooks w, unnest(array['pending', 'delivered', 'dead']) s (state); select 1`,
  )
  const tracker = trackerOn(database, fastEmulator(), { retention: { eventsAfterDays: 7 } })
  expect(await tracker.applyRetention()).toMatchObject({ notifications: 2 })
  expect(await all(tracker.listNotifications())).toMatchObject([{ state: 'pending' }])
})

test.runIf(isServer)('what somebody is just continuing is not deleted, however old it is', async () => {
  const database = (await freshDatabase()) as string
  const tracker = trackerOn(database, fastEmulator(), {
    retention: { endedAfterDays: 7, eventsAfterDays: 7 },
  })
  const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']
  await tracker.setWebhook({ name: 'helpdesk', url: 'https://example.com/', secrets })
  const [submissionId, batchTrackingId, customerId, notificationId] = [1, 2, 3, 4].map(() => randomUUID())
  await runSql(
    database,
    `insert into devicebatch.submissions (id, customer_id, batch_id, state, device_count, settings, ended_at)
      values ('${submissionId}', '${customerId}', 'B', 'failed', 1, '{}', now() - interval '8 days');
    insert into devicebatch.uploads (batch_tracking_id, customer_id, state, ended_at)
      values ('${batchTrackingId}', '${customerId}', 'stopped', now() - interval '8 days');
    insert into devicebatch.notifications (id, webhook_id, subject, type, at, payload, state)
      select '${notificationId}', id, 'S', 'submission.ended', now() - interval '8 days', '{}', 'dead' from devicebatch.webhooks;
    select 1`,
  )
  const client = new Client({ connectionString: database })
  await client.connect()
  onTestFinished(() => client.end())
  // What writes an event or a job waits for this, before it is committed.
  await client.query('begin; lock table devicebatch.events, devicebatch_jobs.job in share row exclusive mode')
  const continued = Promise.all([
    tracker.resumeSubmission(submissionId!),
    tracker.track({ customerId: customerId!, batchTrackingId: batchTrackingId! }),
    tracker.redeliverNotification(notificationId!),
  ])
  const isLocked = async (table: string): Promise<boolean> =>
    (await runSql(database, `select from devicebatch.${table} for update skip locked`)).length === 0
  for (const table of ['submissions', 'uploads', 'notifications'])
    await Promise.race([continued, until(() => isLocked(table))])
  const deleted = tracker.applyRetention()
  const isDeleting = async (): Promise<boolean> =>
    (await waitingStatements(database)).some((query) => query.startsWith('delete'))
  await Promise.race([deleted, until(isDeleting)])
  await client.query('rollback')
  await continued
  expect(await deleted).toMatchObject({ submissions: 0, uploads: 0, notifications: 0 })
  expect(await tracker.getSubmission(submissionId!)).toMatchObject({ state: 'queued' })
  expect(await tracker.getUpload(batchTrackingId!)).toMatchObject({ state: 'tracking' })
  expect(await all(tracker.listNotifications())).toMatchObject([{ state: 'pending' }])
})

test('a retention and a limit that are not above 0 are refused, and change nothing', async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  const limits = await tracker.getRateLimits()
  for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '7' as never]) {
    for (const name of ['endedAfterDays', 'eventsAfterDays'])
      await expect(tracker.setRetention({ [name]: value })).rejects.toThrow(
        new RegExp(`\`${name}\` must be .*above 0; got`),
      )
    for (const name of ['partnerPerMinute', 'customerPerMinute'])
      await expect(tracker.setRateLimits({ [name]: value })).rejects.toThrow(
        new RegExp(`\`${name}\` must be .*; got`),
      )
  }
  await expect(tracker.setRateLimits({ partnerPerMinute: 1.5 })).rejects.toThrow(/`partnerPerMinute`/)
  await expect(tracker.setRetention({ days: 3 } as never)).rejects.toThrow(/`days`/)
  expect(await tracker.getRetention()).toEqual({ endedAfterDays: null, eventsAfterDays: null })
  expect(await tracker.getRateLimits()).toEqual(limits)
})

test('without an option, a partner gets at most 500 requests a minute, as the documentation of the customers says', async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator(), { rateLimits: undefined })
  expect(await tracker.getRateLimits()).toEqual({ partnerPerMinute: 500, customerPerMinute: 120 })
})

test.runIf(isServer)(
  'a worker opens no more connections than its pool size, of which it needs two',
  async () => {
    const database = (await freshDatabase()) as string
    const tracker = trackerOn(database, fastEmulator(), { poolSize: 2 })
    await tracker.start()
    await Promise.all(Array.from({ length: 20 }, () => tracker.getTotals()))
    const [row] = await runSql(
      database,
      `select count(*)::int as count from pg_stat_activity
      where datname = current_database() and application_name = 'devicebatch'`,
    )
    expect(row!['count']).toBeLessThanOrEqual(2)
    const options = { database, partner: { credential: () => 'none' }, poolSize: 1 }
    expect(() => createTracker(options)).toThrow(InvalidArgumentError)
    expect(() => createTracker(options)).toThrow(/`poolSize`.*2.*got 1/)
  },
)
