/** Whatever order things happen in, and whatever was lost, a submission is uploaded. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'

import { AuthenticationError } from '@devicebatch/client'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'

import type { Tracker } from '../../src/index.ts'
import {
  all,
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  isServer,
  partnerOf,
  runSql,
  trackerOn,
  until,
  waitingStatements,
} from '../helpers.ts'

test('an upload that was passed to track() before its submission had recorded it belongs to its submission', async () => {
  const emulator = fastEmulator()
  const customerId = randomUUID()
  let tracker: Tracker | undefined
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await emulator.fetch(input, init)
    const batchTrackingId = /batchJobStatus\/([\da-f-]{36})/i.exec(
      response.headers.get('location') ?? '',
    )?.[1]
    if (batchTrackingId) await tracker!.track({ customerId, batchTrackingId })
    return response
  }
  tracker = trackerOn(await freshDatabase(), { fetch })
  await tracker.start()
  const { submissionId } = await tracker.submit({ customerId, batchId: 'B', devices: devices('S1') })
  await eventsUntil(tracker, 'upload.ended')
  await eventsUntil(tracker, 'submission.accepted')
  expect(await all(tracker.listUploads({ submissionId }))).toMatchObject([{ batchId: 'B', submissionId }])
})

test.runIf(isServer)(
  'an upload that failed because nobody could sign in is sent when somebody can',
  async () => {
    const emulator = fastEmulator()
    const database = await freshDatabase()
    const { credential, fetch } = partnerOf(emulator.fetch)
    let isSignedIn = false
    const tracker = trackerOn(database, emulator, {
      onError: () => undefined,
      partner: {
        fetch,
        credential: {
          getToken: async (scopes, options) => {
            if (!isSignedIn) throw new AuthenticationError('Nobody is signed in.')
            return await (credential as { getToken: (...args: unknown[]) => Promise<never> }).getToken(
              scopes,
              options,
            )
          },
        },
      },
    })
    await tracker.start()
    const { submissionId } = await tracker.submit({
      customerId: randomUUID(),
      batchId: 'B',
      devices: devices('S1'),
    })
    await until(async () => (await tracker.getSubmission(submissionId))?.error !== undefined)
    // The latest possible moment.
    await until(async () => {
      const late = `update devicebatch_jobs.job set start_after = now() + interval '300 s'
      where name = 'devicebatch-uploads' and state = 'retry' returning retry_delay_max`
      const rows = await runSql(database, late)
      if (rows.length > 0) expect(rows).toEqual([{ retry_delay_max: 300 }])
      return rows.length > 0
    })
    isSignedIn = true
    await tracker.submit({ customerId: randomUUID(), batchId: 'Other', devices: devices('O1') })
    await until(async () => (await tracker.getSubmission(submissionId))?.state === 'accepted')
  },
)

test.runIf(isServer)('a lost job is sent again, however many others are waiting', async () => {
  const emulator = fastEmulator()
  const database = await freshDatabase()
  const old = `now() - interval '1 hour'`
  await runSql(
    database,
    `insert into devicebatch.submissions (id, customer_id, batch_id, state, device_count, settings, created_at)
      select md5(i::text)::uuid, md5(i::text)::uuid, 'B', 'queued', 1, '{}', ${old} from generate_series(1, 1500) i;
    select 1`,
  )
  // It can do nothing but send jobs.
  const tracker = trackerOn(database, emulator, {
    rateLimits: { partnerPerMinute: 1, customerPerMinute: 1 },
    onError: () => undefined,
  })
  await tracker.start()
  await until(async () => {
    const [row] = await runSql(
      database,
      `select count(*)::int as count from devicebatch_jobs.job where name = 'devicebatch-uploads'`,
    )
    return Number(row!.count) >= 1_490
  })
})

test('a submission ends although its tracking ID was polled to the end of the batch before it was recorded', async () => {
  const emulator = fastEmulator()
  const customerId = randomUUID()
  let tracker: Tracker | undefined
  const [posted, recorded] = [new AbortController(), new AbortController()]
  let polls = 0
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const response = await emulator.fetch(request)
    if (request.url.includes('batchJobStatus') && ++polls === 1) {
      // The response arrives once the submission has recorded its tracking ID.
      posted.abort()
      await once(recorded.signal, 'abort')
      return await emulator.fetch(new Request(input, init))
    }
    const location = response.headers.get('location')
    if (location === null) return response
    emulator.clock.advance(3_600_000)
    await tracker!.track({ customerId, batchTrackingId: location.split('/').at(-1)! })
    if (!posted.signal.aborted) await once(posted.signal, 'abort')
    return response
  }
  tracker = trackerOn(await freshDatabase(), { fetch })
  await tracker.start()
  const { submissionId } = await tracker.submit({ customerId, batchId: 'B', devices: devices('EMU640-A1') })
  await eventsUntil(tracker, 'submission.accepted')
  recorded.abort()
  await eventsUntil(tracker, 'upload.ended')
  expect(await tracker.getSubmission(submissionId)).toMatchObject({ state: 'accepted', devicesToRetry: 1 })
})

test.runIf(isServer)(
  'a submission ends whose upload ends in the moment in which it is accepted',
  async () => {
    const emulator = fastEmulator()
    const customerId = randomUUID()
    let tracker: Tracker | undefined
    const accepting = new AbortController()
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      const isPoll = request.url.includes('batchJobStatus')
      if (isPoll && !accepting.signal.aborted) await once(accepting.signal, 'abort')
      const response = await emulator.fetch(request)
      const location = response.headers.get('location')
      if (location === null) return response
      emulator.clock.advance(3_600_000)
      // So that its end is not recorded together with its tracking ID.
      await tracker!.track({ customerId, batchTrackingId: location.split('/').at(-1)! })
      return response
    }
    const database = await freshDatabase()
    tracker = trackerOn(database, { fetch })
    await tracker.getTotals()
    await runSql(
      database,
      `create function devicebatch.wait_for_test() returns trigger language plpgsql as $$ begin
        perform pg_advisory_xact_lock_shared(tg_argv[0]::integer);
        return new;
      end $$;
      create trigger accepted before update on devicebatch.submissions for each row
        when (new.state = 'accepted' and old.state = 'uploading') execute function devicebatch.wait_for_test(1);
      create constraint trigger ended after update on devicebatch.uploads deferrable initially deferred for each row
        when (new.state = 'ended') execute function devicebatch.wait_for_test(2); select 1`,
    )
    const other = new Client({ connectionString: database as string })
    await other.connect()
    onTestFinished(() => other.end())
    const waiting = async (count: number): Promise<boolean> =>
      (await waitingStatements(database)).length >= count
    await other.query('select pg_advisory_lock(1), pg_advisory_lock(2)')
    await tracker.start()
    const { submissionId } = await tracker.submit({ customerId, batchId: 'B', devices: devices('EMU640-A1') })
    await until(() => waiting(1))
    accepting.abort()
    await until(() => waiting(2))
    await other.query('select pg_advisory_unlock(1)')
    await until(async () => (await tracker.getSubmission(submissionId))!.state === 'accepted')
    await other.query('select pg_advisory_unlock(2)')
    await eventsUntil(tracker, 'upload.ended')
    expect(await tracker.getSubmission(submissionId)).toMatchObject({ devicesToRetry: 1 })
  },
)
