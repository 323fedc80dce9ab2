/** What a tracker tells of itself: for people, for Prometheus, and when the database cannot be used. */
import { randomUUID } from 'node:crypto'

import { AuthenticationError } from '@devicebatch/client'
import { describe, expect, test } from 'vitest'

import { devices, eventsUntil, fastEmulator, freshDatabase, runSql, trackerOn, until } from '../helpers.ts'
import { readMetrics } from './read-metrics.ts'

const submission = (...serialNumbers: string[]) => ({
  customerId: randomUUID(),
  batchId: 'B',
  devices: devices(...serialNumbers),
})

describe('health() of a tracker', () => {
  test('with a running worker shows what was done, by whom, and with how many requests', async () => {
    const tracker = trackerOn(await freshDatabase(), fastEmulator())
    expect(await tracker.health()).toMatchObject({
      isHealthy: true,
      problems: [],
      database: { isReachable: true, schema: 'devicebatch', version: expect.stringMatching(/^\d{4}-/) },
      figures: { workers: [], uploads: { tracking: 0, ended: 0, stopped: 0 } },
    })

    await tracker.start()
    await tracker.submit(submission('A1'))
    await tracker.submit(submission('A2'))
    await eventsUntil(tracker, 'upload.ended', { count: 2 })
    const { figures, isHealthy } = await tracker.health()
    expect(isHealthy).toBe(true)
    expect(figures).toMatchObject({
      queues: { submissions: { due: 0, oldestDueMs: 0, paused: 0 }, polls: { due: 0, paused: 0 } },
      submissions: { queued: 0, uploading: 0, accepted: 2, failed: 0, cancelled: 0 },
      uploads: { tracking: 0, ended: 2, stopped: 0 },
      failures: [],
      workers: [{ name: expect.stringMatching(/:\d+$/), isAlive: true }],
      paused: { everything: false, customers: 0 },
    })
    const { partner, busiestCustomer, total } = figures!.requests
    expect(partner.perMinute).toBe(60_000)
    // At least one upload and one poll for each, and one customer had half of them.
    expect(total).toBeGreaterThanOrEqual(4)
    expect(busiestCustomer.used).toBeGreaterThanOrEqual(1)
    expect(busiestCustomer.used).toBeLessThan(partner.used)
    expect(partner.used).toBeLessThanOrEqual(total)
  })

  test('without a worker is unhealthy as soon as there is work', async () => {
    const tracker = trackerOn(await freshDatabase(), fastEmulator())
    await tracker.submit(submission('A1'))
    const [problem] = (await tracker.health()).problems
    expect(problem?.message).toMatch(/^1 submission cannot continue/)
    await tracker.submit(submission('A2'))
    const health = await tracker.health()
    expect(health).toMatchObject({
      isHealthy: false,
      problems: [{ code: 'no-worker', message: expect.stringMatching(/^2 .*devicebatch tracker start/) }],
      figures: { queues: { submissions: { due: 2 } }, submissions: { queued: 2 } },
    })
    expect(health.figures!.queues.submissions.oldestDueMs).toBeGreaterThan(0)
  })

  test('without a worker is unhealthy while a submission waits for its next try, unless it is paused', async () => {
    const database = await freshDatabase()
    const emulator = fastEmulator()
    for (const operation of ['createDeviceBatch', 'listDeviceBatches'] as const)
      emulator.faults.add({ operation, times: 'always', effect: { kind: 'answer', status: 503 } })
    const tracker = trackerOn(database, emulator, { onError: () => undefined })
    await tracker.start()
    const { submissionId } = await tracker.submit(submission('A1'))
    await until(async () => (await tracker.getSubmission(submissionId))?.error !== undefined)
    expect(await tracker.health()).toMatchObject({
      isHealthy: true,
      figures: { submissions: { uploading: 1 } },
    })
    await tracker.close()
    expect(await tracker.health()).toMatchObject({
      isHealthy: false,
      problems: [{ code: 'no-worker', message: expect.stringMatching(/^1 submission cannot continue/) }],
      figures: { queues: { submissions: { due: 0 } }, submissions: { uploading: 1 } },
    })
    expect(readMetrics(await tracker.metrics())).toMatchObject({
      devicebatch_healthy: 0,
      'devicebatch_queue_due{queue=submissions}': 0,
    })
    await tracker.pause()
    expect((await tracker.health()).problems).toEqual([])
  })

  test('without a worker is unhealthy while an upload waits for its next poll, unless it is paused', async () => {
    const poll = { initialIntervalMs: 600_000, maxIntervalMs: 600_000 }
    const tracker = trackerOn(await freshDatabase(), fastEmulator({ timeScale: 0 }), { poll })
    await tracker.start()
    const request = submission('A1')
    await tracker.submit(request)
    await eventsUntil(tracker, 'submission.accepted')
    await until(async () => (await tracker.health()).figures!.queues.polls.due === 0)
    await tracker.close()
    expect(await tracker.health()).toMatchObject({
      isHealthy: false,
      problems: [{ code: 'no-worker', message: expect.stringMatching(/^1 upload cannot continue/) }],
      figures: { queues: { polls: { due: 0 } }, uploads: { tracking: 1 } },
    })
    await tracker.pause({ customerId: request.customerId })
    expect((await tracker.health()).problems).toEqual([])
  })

  test('shows why uploads fail, and that all of them wait for a sign-in', async () => {
    const emulator = fastEmulator()
    const tracker = trackerOn(await freshDatabase(), emulator, {
      onError: () => undefined,
      partner: {
        fetch: emulator.fetch,
        credential: () => {
          throw new AuthenticationError('Nobody is signed in.')
        },
      },
    })
    await tracker.start()
    const { submissionId } = await tracker.submit(submission('A1'))
    await until(async () => (await tracker.getSubmission(submissionId))?.error !== undefined)
    const { problems, figures } = await tracker.health()
    expect(problems).toMatchObject([{ code: 'sign-in', message: expect.stringMatching(/^1 .*retry-now/) }])
    expect(figures!.failures).toEqual([
      { kind: 'submission', reason: expect.any(String), isSignIn: true, isRetried: true, count: 1 },
    ])
  })

  test('forgets a worker that was closed, and tells of one that is gone', async () => {
    const database = await freshDatabase()
    const first = trackerOn(database, fastEmulator())
    await first.start()
    expect((await first.health()).figures!.workers).toHaveLength(1)
    await first.close()
    await runSql(
      database,
      `insert into devicebatch.workers (id, name, seen_at)
        values ('${randomUUID()}', 'lost:7', now() - interval '31 s'); select 1`,
    )
    const tracker = trackerOn(database, fastEmulator())
    const { problems, figures } = await tracker.health()
    expect(figures!.workers).toMatchObject([{ name: 'lost:7', isAlive: false }])
    expect(problems).toMatchObject([{ code: 'worker-gone', message: expect.stringContaining('lost:7') }])
  })

  test.each([
    [6, [{ code: 'polls-overdue', message: expect.stringContaining('6 minutes') }]],
    [4, []],
  ])(
    'tells of polls that are more than five minutes late although a worker runs: %i',
    async (minutes, expected) => {
      const database = await freshDatabase()
      await runSql(
        database,
        `insert into devicebatch.uploads (batch_tracking_id, customer_id, due_at)
        values ('${randomUUID()}', '${randomUUID()}', now() - interval '${minutes} minutes');
      insert into devicebatch.workers (id, name) values ('${randomUUID()}', 'idle:7'); select 1`,
      )
      const { problems } = await trackerOn(database, fastEmulator()).health()
      expect(problems).toMatchObject(expected)
      expect(problems).toHaveLength(expected.length)
    },
  )

  test('says that a newer program has changed the tables since they were opened', async () => {
    const database = await freshDatabase()
    const tracker = trackerOn(database, fastEmulator())
    expect((await tracker.health()).isHealthy).toBe(true)
    await tracker.close()
    await runSql(
      database,
      `insert into devicebatch.kysely_migration (name, timestamp) values ('9999-12-31-tomorrow', now()); select 1`,
    )
    const { isHealthy, problems } = await tracker.health()
    expect(isHealthy).toBe(false)
    expect(problems).toMatchObject([
      { code: 'database-unreachable', message: expect.stringContaining('9999-12-31-tomorrow') },
    ])
  })

  test('answers when the database cannot be used, and so does metrics()', async () => {
    const tracker = trackerOn('postgres://devicebatch:sesame@127.0.0.1:1/none', fastEmulator())
    const health = await tracker.health()
    expect(health).toMatchObject({ isHealthy: false, database: { isReachable: false } })
    expect(health.problems).toMatchObject([
      {
        code: 'database-unreachable',
        message: expect.stringMatching(/127\.0\.0\.1:1.*Check that it is running/),
      },
    ])
    expect(JSON.stringify(health)).not.toContain('sesame')
    expect(health.figures).toBeUndefined()
    const values = readMetrics(await tracker.metrics())
    expect(values['devicebatch_healthy']).toBe(0)
    expect(values['devicebatch_database_reachable']).toBe(0)
  })
})

describe('metrics()', () => {
  test('is text that a Prometheus parser reads, with the figures of health() and without a name or an ID', async () => {
    const database = await freshDatabase()
    const tracker = trackerOn(database, fastEmulator())
    await tracker.start()
    const customerId = randomUUID()
    const { submissionId } = await tracker.submit({
      customerId,
      batchId: 'Secret "name"',
      devices: devices('A1'),
    })
    await eventsUntil(tracker, 'upload.ended')
    const text = await tracker.metrics()
    const values = readMetrics(text)
    expect(values).toMatchObject({
      devicebatch_healthy: 1,
      'devicebatch_uploads{state=ended}': 1,
      'devicebatch_uploads{state=tracking}': 0,
      'devicebatch_submissions{state=accepted}': 1,
      'devicebatch_queue_due{queue=polls}': 0,
      'devicebatch_queue_oldest_due_seconds{queue=submissions}': 0,
      'devicebatch_requests_limit{limit=partner}': 60_000,
      'devicebatch_workers{state=alive}': 1,
      'devicebatch_workers{state=gone}': 0,
    })
    expect(values['devicebatch_requests_total']).toBe((await tracker.health()).figures!.requests.total)
    for (const secret of [customerId, submissionId, 'A1', 'Secret']) expect(text).not.toContain(secret)
  })

  test('counts uploads that ended long ago, and no longer those that were deleted', async () => {
    const database = await freshDatabase()
    const old = `insert into devicebatch.uploads (batch_tracking_id, customer_id, state, ended_at)
      select md5(i::text)::uuid, md5(i::text)::uuid, 'ended', now() - interval '9 days' from generate_series(1, 30) i`
    await runSql(database, `${old}; select devicebatch.add_up_states()`)
    await runSql(database, `${old.replace('1, 30', '31, 40')}; select 1`)
    const tracker = trackerOn(database, fastEmulator(), { retention: { endedAfterDays: 1 } })
    const ended = async () => readMetrics(await tracker.metrics())['devicebatch_uploads{state=ended}']
    expect(await ended()).toBe(40)
    await tracker.applyRetention()
    expect(await ended()).toBe(0)
  })
})

describe('notifications that do not arrive', () => {
  const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']
  /** Notifications to a webhook where nobody listens: in each state, made so long ago. */
  const insert = (webhook: string, state: string, count: number, hoursAgo: number): string =>
    `insert into devicebatch.notifications (webhook_id, subject, type, at, payload, state, attempts, due_at, attempted_at)
      select id, 's' || i, 'submission.ended', at, '{}', '${state}', 10, now() + interval '1 day', at
      from devicebatch.webhooks, generate_series(1, ${count}) i, (select now() - ${hoursAgo} * interval '1 hour' as at) made
      where name = '${webhook}'`
  async function trackerWith(...statements: string[]) {
    const database = await freshDatabase()
    const first = trackerOn(database, fastEmulator())
    await first.setWebhook({ name: 'helpdesk', url: 'https://example.com/', secrets })
    await first.setWebhook({ name: 'archive', url: 'https://example.org/', secrets })
    await first.close()
    await runSql(database, `${statements.join(';')}; select 1`)
    return trackerOn(database, fastEmulator())
  }

  test('are counted for each webhook, and those that were given up within a day are a problem', async () => {
    const tracker = await trackerWith(
      insert('helpdesk', 'dead', 3, 23),
      insert('helpdesk', 'dead', 2, 25),
      insert('helpdesk', 'pending', 4, 2),
      insert('archive', 'dead', 1, 25),
      insert('archive', 'delivered', 7, 1),
      `insert into devicebatch.workers (id, name) values ('${randomUUID()}', 'idle:7')`,
    )
    const { isHealthy, problems, figures } = await tracker.health()
    expect(figures!.webhooks).toEqual([
      { name: 'archive', isDisabled: false, pending: 0, oldestPendingMs: 0, dead: 1, deadWithinADay: 0 },
      {
        name: 'helpdesk',
        isDisabled: false,
        pending: 4,
        oldestPendingMs: expect.toSatisfy((ms: number) => ms >= 7_200_000 && ms < 7_500_000),
        dead: 5,
        deadWithinADay: 3,
      },
    ])
    expect(isHealthy).toBe(false)
    expect(problems).toEqual([
      {
        code: 'notifications-dead',
        message: expect.stringMatching(/^3 notifications .*helpdesk.*deliveries --state dead.*redeliver/),
      },
    ])
    expect(readMetrics(await tracker.metrics())).toMatchObject({
      'devicebatch_notifications{state=pending}': 4,
      'devicebatch_notifications{state=dead}': 6,
      'devicebatch_webhooks{state=enabled}': 2,
      'devicebatch_webhooks{state=disabled}': 0,
    })
    const oldest = readMetrics(await tracker.metrics())['devicebatch_notifications_oldest_pending_seconds']
    expect(oldest).toBeGreaterThanOrEqual(7_200)
    expect(await tracker.metrics()).not.toMatch(/helpdesk|archive/)
  })

  test('and are still to be delivered are a problem without a worker, also during a pause', async () => {
    const tracker = await trackerWith(
      insert('helpdesk', 'pending', 2, 0),
      insert('archive', 'delivered', 1, 0),
    )
    await tracker.pause()
    expect((await tracker.health()).problems).toEqual([
      { code: 'no-worker', message: expect.stringMatching(/^2 notifications cannot continue/) },
    ])
  })

  test('because their webhook is disabled are a problem as long as it is', async () => {
    const tracker = await trackerWith(
      `update devicebatch.webhooks set disabled_at = now() - interval '9 days' where name = 'archive'`,
    )
    const { problems } = await tracker.health()
    expect(problems).toEqual([
      {
        code: 'webhook-disabled',
        message: expect.stringMatching(/^The webhook archive is disabled.*410.*setWebhook\(\)/),
      },
    ])
    expect(readMetrics(await tracker.metrics())).toMatchObject({
      devicebatch_healthy: 0,
      'devicebatch_webhooks{state=disabled}': 1,
    })
    await tracker.setWebhook({ name: 'archive', url: 'https://example.org/', secrets })
    expect((await tracker.health()).isHealthy).toBe(true)
  })
})
