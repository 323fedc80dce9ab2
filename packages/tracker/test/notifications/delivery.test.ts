/** Notifications arrive at least once, in order, whatever the receiver does. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

import { keepsConnections } from '../../../conformance/shared/patience.ts'
import type { Tracker, TrackedNotification, TrackerDatabase } from '../../src/index.ts'
import type { CardMessage } from '../../src/notifications/teams-card.ts'
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
import { startReceiver, stopAttemptClock, timeOutAttempts } from './receiver.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'

const list = (tracker: Tracker): Promise<TrackedNotification[]> => all(tracker.listNotifications())
const statesOf = async (tracker: Tracker): Promise<string[]> =>
  (await list(tracker)).map(({ state, attempts, status }) => `${state} ${attempts} ${status}`)

/** Makes every wait of a notification end now. Only on a database that no tracker has open, if it is embedded. */
const skipWaits = (database: TrackerDatabase): Promise<unknown> =>
  runSql(
    database,
    `update devicebatch.notifications set due_at = now() where state = 'pending';
    update devicebatch_jobs.job set start_after = now() where name = 'devicebatch-notifications'`,
  )

test('the end of a submission arrives once, with counts, causes and IDs, and verifies', async () => {
  const receiver = await startReceiver()
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  await tracker.setCustomerName(customerId, 'Fabrikam')
  await tracker.setWebhook({ name: 'helpdesk', url: receiver.url, secrets: [receiver.secret] })
  await tracker.start()
  const { submissionId } = await tracker.submit({
    customerId,
    batchId: 'Front desk',
    devices: devices('N1', 'N2', 'EMU808-N3'),
  })
  await until(async () => (await statesOf(tracker)).includes('delivered 1 204'))
  const [{ id, notification, body, headers } = {} as never, ...others] = receiver.received
  expect(others).toEqual([])
  expect(notification).toEqual({
    version: 1,
    type: 'submission.ended',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    data: {
      submissionId,
      customerId,
      customerName: 'Fabrikam',
      batchId: 'Front desk',
      deviceCount: 3,
      counts: { total: 3, pending: 0, succeeded: 2, alreadyRegistered: 0, failed: 1, unresolved: 0 },
      devicesToRetry: 0,
      causes: [{ errorCode: '808', errorDescription: expect.any(String), devices: 1 }],
      emulated: true,
    },
  })
  expect(headers['content-type']).toBe('application/json')
  expect(body).not.toMatch(/N1|N2|N3/)
  expect(await list(tracker)).toEqual([
    {
      notificationId: id,
      webhook: 'helpdesk',
      type: 'submission.ended',
      state: 'delivered',
      attempts: 1,
      at: notification.timestamp,
      attemptedAt: expect.any(String),
      status: 204,
      notification,
    },
  ])
})

test('a receiver that fails, is slow, and is down gets everything in order, with the same ID each time', async () => {
  const receiver = await startReceiver()
  const database = await freshDatabase()
  const emulator = fastEmulator()
  const work = async (use: (tracker: Tracker) => Promise<void>): Promise<void> => {
    const tracker = trackerOn(database, emulator)
    await tracker.start()
    await use(tracker)
    await tracker.close()
  }
  // The service refuses the first upload, so that the submission fails before it ends.
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 400 } })

  receiver.respond = (_, response) => void response.writeHead(503, { 'retry-after': '300' }).end()
  let submissionId = ''
  await work(async (tracker) => {
    await tracker.setWebhook({ name: 'helpdesk', url: receiver.url, secrets: [receiver.secret] })
    ;({ submissionId } = await tracker.submit({ customerId, batchId: 'B', devices: devices('O1') }))
    await eventsUntil(tracker, 'submission.failed')
    await tracker.resumeSubmission(submissionId)
    await eventsUntil(tracker, 'upload.ended')
    await until(async () => (await statesOf(tracker)).join() === 'pending 1 503,pending 0 undefined')
  })

  // It accepts the request and never responds; the timeout ends the attempt.
  receiver.respond = timeOutAttempts
  await skipWaits(database)
  await work((tracker) =>
    until(async () => (await list(tracker))[0]!.error === 'The receiver did not respond within 15 seconds.'),
  )

  await receiver.stop()
  await skipWaits(database)
  await work((tracker) => until(async () => /ECONNREFUSED/.test((await list(tracker))[0]!.error ?? '')))

  await receiver.start()
  receiver.respond = (_, response) => void response.writeHead(204).end()
  await skipWaits(database)
  await work((tracker) =>
    until(async () => (await statesOf(tracker)).join() === 'delivered 4 204,delivered 1 204'),
  )

  const types = receiver.received.map(({ notification }) => notification.type)
  expect(types).toEqual(['submission.failed', 'submission.failed', 'submission.failed', 'submission.ended'])
  expect(new Set(receiver.received.slice(0, 3).map(({ id }) => id)).size).toBe(1)
  expect(new Set(receiver.received.slice(0, 3).map(({ body }) => body)).size).toBe(1)
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(2)
})

test('a receiver that responds with 410 gets nothing more until it is set again, and a dead notification can be redelivered', async () => {
  const receiver = await startReceiver()
  receiver.respond = (_, response) => void response.writeHead(410).end()
  const errors: string[] = []
  const tracker = trackerOn(await freshDatabase(), fastEmulator(), {
    onError: (error) => errors.push(String(error)),
  })
  const webhook = { name: 'helpdesk', url: `${receiver.url}?sig=Zm9vYmFy`, secrets: [receiver.secret] }
  await tracker.setWebhook(webhook)
  await tracker.start()
  const submit = (name: string) => tracker.submit({ customerId, batchId: name, devices: devices(name) })
  await submit('G1')
  await until(async () => (await statesOf(tracker)).includes('dead 1 410'))
  expect(await tracker.listWebhooks()).toMatchObject([
    { disabledAt: expect.any(String), dead: 1, pending: 0 },
  ])
  await until(() => errors.some((error) => /webhook helpdesk is disabled.*410.*setWebhook\(\)/.test(error)))
  await submit('G2')
  await eventsUntil(tracker, 'upload.ended', { count: 2 })
  expect(await list(tracker)).toHaveLength(1)
  const [{ notificationId } = {} as never] = await list(tracker)
  await expect(tracker.redeliverNotification(notificationId)).rejects.toThrow(
    /disabled. Set that webhook again/,
  )

  receiver.respond = (_, response) => void response.writeHead(204).end()
  await tracker.setWebhook(webhook)
  await tracker.redeliverNotification(notificationId)
  await until(async () => (await statesOf(tracker)).includes('delivered 1 204'))
  expect(receiver.received.map(({ id }) => id)).toEqual([notificationId, notificationId])
  expect(
    [...errors, JSON.stringify([await list(tracker), await tracker.listWebhooks()])].join(),
  ).not.toContain('Zm9vYmFy')
})

test('a 410 of an address that was replaced meanwhile disables nothing, and the new address gets the notification', async () => {
  const [old, current] = [await startReceiver(), await startReceiver()]
  const errors: string[] = []
  const tracker = trackerOn(await freshDatabase(), fastEmulator(), {
    onError: (error) => errors.push(String(error)),
  })
  const webhook = { name: 'helpdesk', secrets: [old.secret, current.secret] }
  old.respond = async (_, response) => {
    await tracker.setWebhook({ ...webhook, url: current.url })
    response.writeHead(410).end()
  }
  await tracker.setWebhook({ ...webhook, url: old.url })
  await tracker.start()
  await tracker.submit({ customerId, batchId: 'B', devices: devices('M1') })
  await until(async () => (await statesOf(tracker)).includes('delivered 2 204'))
  const ids = [...old.received, ...current.received].map(({ id }) => id)
  expect(ids).toEqual([ids[0], ids[0]])
  const [stored] = await tracker.listWebhooks()
  expect(stored).not.toHaveProperty('disabledAt')
  expect(errors.filter((error) => error.includes('is disabled'))).toEqual([])
})

test('one that is still to be delivered is not sent again by redeliverNotification()', async () => {
  const receiver = await startReceiver()
  receiver.respond = (_, response) => void response.writeHead(503, { 'retry-after': '300' }).end()
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  await tracker.setWebhook({ name: 'helpdesk', url: receiver.url, secrets: [receiver.secret] })
  await tracker.start()
  await tracker.submit({ customerId, batchId: 'B', devices: devices('P1') })
  await until(async () => (await statesOf(tracker)).includes('pending 1 503'))
  const [{ notificationId } = {} as never] = await list(tracker)
  await expect(tracker.redeliverNotification(notificationId)).rejects.toThrow(
    /is still to be delivered: list/,
  )
})

test('an attempt that is being made is not made by another worker until it must have ended', async () => {
  const receiver = await startReceiver()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  receiver.respond = async (_, response) => {
    await released
    response.writeHead(204).end()
  }
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  await tracker.setWebhook({ name: 'helpdesk', url: receiver.url, secrets: [receiver.secret] })
  await tracker.start()
  await tracker.submit({ customerId, batchId: 'B', devices: devices('C1') })
  await until(() => receiver.received.length === 1)
  const [{ attemptedAt, nextAttemptAt } = {} as never] = await list(tracker)
  // An attempt times out after 15 seconds.
  expect(Date.parse(nextAttemptAt!) - Date.parse(attemptedAt!)).toBeGreaterThan(15_000)
  release()
  await until(async () => (await statesOf(tracker)).includes('delivered 1 204'))
})

test.runIf(isServer)(
  'a late result of a worker counts for nothing once another worker has taken over its notification',
  async () => {
    const receiver = await startReceiver()
    const database = await freshDatabase()
    const tracker = trackerOn(database, fastEmulator())
    receiver.respond = async (_, response) => {
      // Another worker is making the second attempt.
      if (receiver.received.length === 1)
        await runSql(database, 'update devicebatch.notifications set attempts = 2; select 1')
      response.writeHead(204).end()
    }
    await tracker.setWebhook({ name: 'helpdesk', url: receiver.url, secrets: [receiver.secret] })
    await tracker.start()
    await tracker.submit({ customerId, batchId: 'B', devices: devices('L1') })
    await until(async () => {
      // That worker crashes.
      if (receiver.received.length === 1) await skipWaits(database)
      return (await statesOf(tracker)).includes('delivered 3 204')
    })
    expect(receiver.received).toHaveLength(2)
  },
)

test('after ten attempts a notification is dead and reported, and the next one of its submission is sent', async () => {
  const receiver = await startReceiver()
  const database = await freshDatabase()
  const emulator = fastEmulator()
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 400 } })
  receiver.respond = ({ notification }, response) =>
    void response
      .writeHead(notification.type === 'submission.failed' ? 500 : 204, { 'retry-after': '300' })
      .end()
  const first = trackerOn(database, emulator)
  await first.setWebhook({ name: 'helpdesk', url: receiver.url, secrets: [receiver.secret] })
  await first.start()
  const { submissionId } = await first.submit({ customerId, batchId: 'B', devices: devices('D1') })
  await eventsUntil(first, 'submission.failed')
  await first.resumeSubmission(submissionId)
  await until(async () => (await statesOf(first)).join() === 'pending 1 500,pending 0 undefined')
  await first.close()
  // Three days pass.
  await runSql(database, `update devicebatch.notifications set attempts = 9 where attempts = 1`)
  await skipWaits(database)
  const errors: string[] = []
  const second = trackerOn(database, emulator, { onError: (error) => errors.push(String(error)) })
  await second.start()
  await until(async () => (await statesOf(second)).join() === 'dead 10 500,delivered 1 204')
  expect(errors.join()).toMatch(
    /\(submission.failed\) was not delivered to the webhook helpdesk in 10 attempts. The receiver responded with 500. .*redeliverNotification\(\)/,
  )
  expect(await second.listWebhooks()).toMatchObject([{ dead: 1, pending: 0 }])
})

test('a webhook that does not respond does not delay another one', async () => {
  const [silent, other] = [await startReceiver(), await startReceiver()]
  silent.respond = () => undefined
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  await tracker.setWebhook({ name: 'silent', url: silent.url, secrets: [silent.secret] })
  await tracker.setWebhook({ name: 'other', url: other.url, secrets: [other.secret] })
  await tracker.start()
  for (let index = 0; index < 6; index++) {
    const customer = customerId.replace('c', `${index}`)
    await tracker.submit({ customerId: customer, batchId: `S${index}`, devices: devices(`S${index}`) })
  }
  await until(
    async () => (await all(tracker.listNotifications({ webhook: 'other', state: 'delivered' }))).length === 6,
  )
  expect(await all(tracker.listNotifications({ webhook: 'silent', state: 'delivered' }))).toEqual([])
  expect(silent.received.length).toBeLessThanOrEqual(4)
  await silent.stop()
})

test('Teams receives an Adaptive Card in which no text is Markdown, and its address stays secret', async () => {
  const database = await freshDatabase()
  stopAttemptClock()
  const bodies: string[] = []
  const server = createServer(keepsConnections, (request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      bodies.push(`${request.url} ${body}`)
      response.writeHead(bodies.length === 1 ? 500 : 202).end('The sig Zm9vYmFy is wrong')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/workflows/7?api-version=1&sig=Zm9vYmFy`
  const errors: string[] = []
  const tracker = trackerOn(database, fastEmulator(), { onError: (error) => errors.push(String(error)) })
  await tracker.setWebhook({ name: 'teams', url, format: 'teams' })
  await tracker.setCustomerName(customerId, '[Fabrikam](https://evil.example)')
  await tracker.start()
  await tracker.submit({ customerId, batchId: 'Front desk', devices: devices('N1', 'EMU808-N2') })
  await until(async () => (await statesOf(tracker)).includes('delivered 2 202'))
  expect(bodies[1]).toBe(bodies[0])
  const [, path, body] = /^(\S+) (.*)$/.exec(bodies[0]!)!
  expect(path).toBe('/workflows/7?api-version=1&sig=Zm9vYmFy')
  const { type, attachments } = JSON.parse(body!) as CardMessage
  expect([type, attachments.length, attachments[0]!.contentType]).toEqual([
    'message',
    1,
    'application/vnd.microsoft.card.adaptive',
  ])
  const card = attachments[0]!.content as {
    type: string
    body: { type: string; inlines: { type: string; text: string }[] }[]
  }
  expect(card.type).toBe('AdaptiveCard')
  expect(
    new Set(card.body.flatMap(({ type, inlines }) => [type, ...inlines.map((inline) => inline.type)])),
  ).toEqual(new Set(['RichTextBlock', 'TextRun']))
  expect(card.body.flatMap(({ inlines }) => inlines.map(({ text }) => text))).toEqual([
    'Some devices of a submission are not registered (in the emulator)',
    'Customer: [Fabrikam](https://evil.example)',
    'Batch: Front desk',
    'Devices: 2: 1 succeeded, 0 already registered, 1 failed, 0 unresolved',
    expect.stringMatching(/^Error 808: .+ \(1\)$/),
    expect.stringMatching(/^Submission: /),
    expect.stringMatching(/^Time: /),
  ])
  const shown = [...errors, JSON.stringify([await list(tracker), await tracker.listWebhooks()])].join()
  expect(shown).not.toContain('Zm9vYmFy')
})
