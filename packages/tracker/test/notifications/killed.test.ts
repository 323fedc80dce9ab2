/** Workers that are killed while they notify lose nothing, and what arrives twice has the same ID. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import type { TrackerDatabase } from '../../src/index.ts'
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
import type { Receiver } from './receiver.ts'
import { startReceiver } from './receiver.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'
const submissions = 4
/** More webhooks than one worker notifies at the same time, so that both workers have something to send. */
const webhooks = ['one', 'two', 'three']

test('workers that are killed during their requests are followed by one that delivers everything, in order', async () => {
  const receiver = await startReceiver()
  const database = await freshDatabase()
  await writeNotifications(database, receiver)
  const expected = await passTime(database)
  expect(expected).toHaveLength(2 * submissions * webhooks.length)

  // No request gets a response.
  receiver.respond = () => undefined
  // An embedded database has one worker at a time.
  const workers = Array.from({ length: isServer ? 2 : 1 }, () => startWorker(database))
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  await until(() => receiver.received.length > 0)
  for (const worker of workers) worker.kill('SIGKILL')
  const exits = await Promise.all(workers.map((worker) => once(worker, 'exit')))
  expect(exits.map(([, signal]) => signal as string)).toEqual(workers.map(() => 'SIGKILL'))
  await passTime(database)

  const before = receiver.received.length
  receiver.respond = (_, response) => void response.writeHead(204).end()
  const last = trackerOn(database, fastEmulator())
  await last.start()
  await until(async () => (await all(last.listNotifications({ state: 'pending' }))).length === 0)
  const ids = receiver.received.map(({ id }) => id)
  expect(ids).toHaveLength(expected.length + before)
  expect(new Set(ids)).toEqual(new Set(expected.map(({ id }) => id)))
  for (const subject of new Set(expected.map(subjectOf))) {
    const inOrder = expected.filter((row) => subjectOf(row) === subject).map(({ id }) => id)
    expect([...new Set(ids.filter((id) => inOrder.includes(id)))]).toEqual(inOrder)
  }
})

const subjectOf = (row: Record<string, unknown>): string =>
  `${String(row['webhook_id'])}/${String(row['subject'])}`

/** Submissions that failed and then ended while nobody listened: two notifications of each for every webhook. */
async function writeNotifications(database: TrackerDatabase, receiver: Receiver): Promise<void> {
  const { url, secret } = receiver
  await receiver.stop()
  const emulator = fastEmulator()
  emulator.faults.add({
    operation: 'createDeviceBatch',
    times: submissions,
    effect: { kind: 'answer', status: 400 },
  })
  const tracker = trackerOn(database, emulator)
  // The end of the killed workers is reported as well, at some time.
  const types = ['submission.failed', 'submission.ended'] as const
  for (const name of webhooks) await tracker.setWebhook({ name, url, secrets: [secret], types })
  await tracker.start()
  const submissionIds: string[] = []
  for (let index = 0; index < submissions; index++) {
    const request = { batchId: 'K', devices: devices(`K${index}`) }
    const submitted = await tracker.submit({ customerId: customerId.replace('c', `${index}`), ...request })
    submissionIds.push(submitted.submissionId)
  }
  await eventsUntil(tracker, 'submission.failed', { count: submissions })
  for (const submissionId of submissionIds) await tracker.resumeSubmission(submissionId)
  await eventsUntil(tracker, 'upload.ended', { count: submissions })
  await tracker.close()
  await receiver.start()
}

function startWorker(database: TrackerDatabase): ChildProcess {
  const worker = spawn(
    process.execPath,
    [join(import.meta.dirname, 'notify-child.ts'), JSON.stringify({ database })],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  onTestFinished(() => void worker.kill('SIGKILL'))
  return worker
}

/** Makes everything that waits due now, and presumes its claimers dead; returns all notifications in order. */
async function passTime(database: TrackerDatabase): Promise<Record<string, unknown>[]> {
  return await runSql(
    database,
    `update devicebatch.notifications set due_at = now() where state = 'pending';
    update devicebatch_jobs.job set start_after = now() where name = 'devicebatch-notifications';
    update devicebatch_jobs.job set heartbeat_on = now() - interval '1 hour' where state = 'active';
    select id, webhook_id, subject from devicebatch.notifications order by sequence`,
  )
}
