/** A job ends when its own work ends: slow work for one customer does not delay others. */
import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import {
  all,
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  isServer,
  runSql,
  trackerOn,
  until,
} from '../helpers.ts'

/** A fetch that holds the POSTs of a customer until `release()` is called. */
function holdPosts(fetch: typeof globalThis.fetch, customerId: string) {
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const held: string[] = []
  const holding: typeof globalThis.fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    if (init?.method === 'POST' && pathname.includes(customerId)) {
      held.push(pathname)
      await released
    }
    return await fetch(input, init)
  }
  return { fetch: holding, release, held }
}

test('a slow upload holds up no upload of another customer, however many were fetched with it', async () => {
  const emulator = fastEmulator()
  const [slow, quick] = [randomUUID(), randomUUID()]
  const { fetch, release, held } = holdPosts(emulator.fetch, slow)
  const tracker = trackerOn(await freshDatabase(), { fetch }, { concurrency: 4 })
  await tracker.submit({ customerId: slow, batchId: 'Slow', devices: devices('S1') })
  for (const name of ['A', 'B', 'C', 'D', 'E'])
    await tracker.submit({ customerId: quick, batchId: name, devices: devices(name) })
  await tracker.start()
  await until(() => held.length === 1)
  await eventsUntil(tracker, 'submission.accepted', { count: 5, customerId: quick })
  expect(await all(tracker.listSubmissions({ customerId: slow, state: 'uploading' }))).toHaveLength(1)
  release()
  await eventsUntil(tracker, 'submission.accepted', { customerId: slow })
})

test('a submission that is resumed as soon as it has failed is uploaded, while another upload is slow', async () => {
  const emulator = fastEmulator()
  const [slow, failing] = [randomUUID(), randomUUID()]
  const { fetch, release, held } = holdPosts(emulator.fetch, slow)
  const tracker = trackerOn(await freshDatabase(), { fetch }, { concurrency: 4 })
  await tracker.submit({ customerId: slow, batchId: 'Slow', devices: devices('S1') })
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 403 } })
  const { submissionId } = await tracker.submit({
    customerId: failing,
    batchId: 'F',
    devices: devices('F1'),
  })
  await tracker.start()
  await until(() => held.length === 1)
  await until(async () => (await tracker.getSubmission(submissionId))?.state === 'failed')
  await tracker.resumeSubmission(submissionId)
  await eventsUntil(tracker, 'submission.accepted', { customerId: failing })
  release()
})

test.runIf(isServer)('uploads of one customer run one after another, on any number of workers', async () => {
  const emulator = fastEmulator()
  const customerId = randomUUID()
  let running = 0
  let most = 0
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (
      init?.method !== 'POST' ||
      !new URL(input instanceof Request ? input.url : input).pathname.includes(customerId)
    )
      return await emulator.fetch(input, init)
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 50))
    running--
    return await emulator.fetch(input, init)
  }
  const database = await freshDatabase()
  const workers = Array.from({ length: 4 }, () => trackerOn(database, { fetch }))
  for (let index = 0; index < 40; index++)
    await workers[0]!.submit({ customerId, batchId: `B${index}`, devices: devices(`D${index}`) })
  await Promise.all(workers.map((worker) => worker.start()))
  await eventsUntil(workers[0]!, 'submission.accepted', { count: 40 })
  expect(most).toBe(1)
})

test('an upload whose customer is paused for long goes back to the queue, and is sent when the pause is over', async () => {
  const emulator = fastEmulator()
  const [paused, other] = [randomUUID(), randomUUID()]
  const posts: string[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (request.method !== 'POST' || !request.url.includes(paused)) return await emulator.fetch(request)
    posts.push(request.headers.get('ms-requestid')!)
    return posts.length > 1
      ? await emulator.fetch(request)
      : new Response(null, { status: 429, headers: { 'Retry-After': '12' } })
  }
  const tracker = trackerOn(await freshDatabase(), { fetch }, { concurrency: 1 })
  await tracker.start()
  const { submissionId } = await tracker.submit({ customerId: paused, batchId: 'P', devices: devices('P1') })
  await until(() => posts.length === 1)
  // With one upload at a time, it could not run if the paused one waited.
  await tracker.submit({ customerId: other, batchId: 'O', devices: devices('O1') })
  await eventsUntil(tracker, 'submission.accepted', { customerId: other })
  expect(posts).toHaveLength(1)
  await eventsUntil(tracker, 'submission.accepted', { customerId: paused })
  expect(posts).toHaveLength(2)
  expect((await tracker.getSubmission(submissionId))!.group!.chunks).toHaveLength(1)
  // Nothing was in doubt.
  expect(emulator.requests.filter(({ path }) => path.endsWith('/devices'))).toEqual([])
})

test.runIf(isServer)(
  'a worker whose submission another has taken over sends nothing, even right before its request',
  async () => {
    const emulator = fastEmulator()
    const database = await freshDatabase()
    const tracker = trackerOn(database, emulator)
    await tracker.start()
    // The other worker takes over once the request is stored, which is right before it is sent.
    await runSql(
      database,
      `create function devicebatch.take_over() returns trigger language plpgsql as
         $$ begin new.attempt := old.attempt + 1; return new; end $$;
       create trigger take_over before update on devicebatch.submissions
         for each row when (old.upload_group is null and new.upload_group is not null)
         execute function devicebatch.take_over()`,
    )
    const { submissionId } = await tracker.submit({
      customerId: randomUUID(),
      batchId: 'B',
      devices: devices('S1'),
    })
    await until(async () => (await tracker.getSubmission(submissionId))?.group !== undefined)
    await until(async () => {
      const [{ jobs }] = (await runSql(
        database,
        `select count(*)::int as jobs from devicebatch_jobs.job where name = 'devicebatch-uploads'`,
      )) as [{ jobs: number }]
      return jobs === 0
    })
    expect(emulator.requests.filter(({ operation }) => operation === 'createDeviceBatch')).toEqual([])
  },
)
