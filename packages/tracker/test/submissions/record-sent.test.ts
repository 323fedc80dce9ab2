/** The moment in which the service has accepted a request is recorded as a whole, and once. */
import { randomUUID } from 'node:crypto'

import type { SavedBatchUploadGroup, UploadChunk } from '@devicebatch/client'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'

import { openDatabase } from '../../src/database/open-database.ts'
import { recordSent } from '../../src/submissions/record-sent.ts'
import type { Submission } from '../../src/submissions/upload-run.ts'
import { freshDatabase } from '../helpers.ts'

/** A submission of two devices whose only run is sending them, and its request, which was accepted. */
async function sent({ state = 'uploading', attempt = 1, toIndex = 2 } = {}) {
  const database = await openDatabase(await freshDatabase(), () => undefined)
  onTestFinished(() => database.close())
  const [id, customerId] = [randomUUID(), randomUUID()]
  await sql`insert into devicebatch.submissions (id, customer_id, batch_id, state, device_count, settings, attempt)
    values (${id}, ${customerId}, 'B', ${state}, 2, '{}', ${attempt})`.execute(database.kysely)
  const batchTrackingId = randomUUID()
  const chunk: UploadChunk = {
    operation: 'create',
    requestId: randomUUID(),
    fromIndex: 0,
    toIndex,
    deviceCount: toIndex,
    digest: 'd',
    batchTrackingId,
  }
  const group: SavedBatchUploadGroup = {
    version: 1,
    customerId,
    batchId: 'B',
    chunks: [chunk],
    duplicates: [],
    complete: false,
  }
  const submission: Submission = {
    id,
    customer_id: customerId,
    batch_id: 'B',
    device_count: 2,
    settings: {},
    upload_group: null,
    attempt: 1,
    error: null,
    first_page: null,
  }
  const read = async () => {
    const { rows } = await sql<Record<string, unknown>>`
      select s.state, s.ended_at is not null as has_ended, s.upload_group ->> 'complete' as complete,
        (select count(*)::integer from devicebatch.uploads where submission_id = s.id) as uploads,
        (select array_agg(type order by position) from devicebatch.events) as events
      from devicebatch.submissions s`.execute(database.kysely)
    return rows[0]!
  }
  return { record: () => recordSent(database, submission, chunk, group, 1_000), read }
}

const tracked = ['upload.tracked']

test('the last request of a submission makes it accepted in the moment in which its upload is tracked', async () => {
  const { record, read } = await sent()
  expect(await record()).toBe('accepted')
  expect(await read()).toEqual({
    state: 'accepted',
    has_ended: true,
    complete: 'true',
    uploads: 1,
    events: [...tracked, 'submission.accepted'],
  })
})

test('recording it again, because the first confirmation was lost, changes nothing', async () => {
  const { record, read } = await sent()
  await record()
  const before = await read()
  expect(await record()).toBeDefined()
  expect(await read()).toEqual(before)
})

test('a request that is not the last one leaves the submission uploading', async () => {
  const { record, read } = await sent({ toIndex: 1 })
  expect(await record()).toBe('uploading')
  expect(await read()).toEqual({
    state: 'uploading',
    has_ended: false,
    complete: 'false',
    uploads: 1,
    events: tracked,
  })
})

test('a cancelled submission stays cancelled, and its upload is tracked', async () => {
  const { record, read } = await sent({ state: 'cancelled' })
  expect(await record()).toBe('cancelled')
  expect(await read()).toMatchObject({ state: 'cancelled', has_ended: false, uploads: 1, events: tracked })
})

test('a run that another one has replaced tracks the upload, and nothing else', async () => {
  const { record, read } = await sent({ attempt: 2 })
  expect(await record()).toBeUndefined()
  expect(await read()).toEqual({
    state: 'uploading',
    has_ended: false,
    complete: null,
    uploads: 1,
    events: tracked,
  })
})
