/** The page of those who run the dashboard: what it shows of workers, limits, retention, notifications and what is stuck. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Notification } from '@devicebatch/tracker'
import { expect, onTestFinished, test } from 'vitest'

import { keepsConnections } from '../../../packages/conformance/shared/patience.ts'
import { freshDatabase, runSql } from '../../../packages/tracker/test/databases.ts'
import { customerId, devices, request, startDashboard, uploaded } from './helpers.ts'

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`

test('a webhook that a real server received is shown as delivered, with nothing that is secret', async () => {
  const dashboard = await startDashboard()
  const receiver = await startReceiver(204)
  const broken = await startReceiver(401)
  const { tracker } = dashboard
  await tracker.setWebhook({
    name: 'helpdesk',
    url: `${receiver.url}/hook?key=hidden-key`,
    secrets: [secret],
  })
  await tracker.setWebhook({
    name: 'channel',
    url: `${broken.url}/workflows/triggers?sig=hidden-sig`,
    format: 'teams',
    types: ['submission.ended', 'signin.failed'],
  })
  const page = await pageOf(dashboard)
  expect(await page()).toContain('Nothing has been sent yet.')
  await uploaded(tracker, 'Front desk', ['A1', 'EMU808-2'])
  await expect.poll(() => receiver.received.map(({ type }) => type)).toEqual(['submission.ended'])
  await expect.poll(page).toMatch(/delivered.*Upload ended.*helpdesk/)
  await expect.poll(page).toMatch(/pending.*The receiver responded with 401\. Check the address.*channel/)
  const text = await page()
  expect(text).toMatch(/channel Teams .*\/workflows\/triggers\?… .*Upload ended, Sign-in failed/)
  expect(text).toMatch(new RegExp(`active helpdesk ${receiver.url}/hook\\?… everything`))
  for (const hidden of ['hidden', 'whsec', 'A1', 'EMU808']) expect(text).not.toContain(hidden)
})

test('a webhook whose receiver is gone is shown as disabled, and what waited for it as given up', async () => {
  const dashboard = await startDashboard()
  const receiver = await startReceiver(410)
  await dashboard.tracker.setWebhook({ name: 'old', url: receiver.url, secrets: [secret] })
  await uploaded(dashboard.tracker, 'Front desk', ['A1'])
  const page = await pageOf(dashboard)
  await expect.poll(page).toMatch(/disabled by its receiver old/)
  expect(await page()).toMatch(/given up.*Upload ended old/)
})

test('what is stuck has its reason, what to do, and whether it is tried again', async () => {
  const dashboard = await startDashboard()
  const { tracker, emulator } = dashboard
  emulator.faults.add({ operation: 'createDeviceBatch', times: 1, effect: { kind: 'answer', status: 403 } })
  const { submissionId } = await tracker.submit({ customerId, batchId: 'Refused', devices: devices('A1') })
  const page = await pageOf(dashboard)
  await expect.poll(page).toMatch(/Refused .*Admin agent or Sales agent role.*only when someone continues it/)
  expect(await html(dashboard)).toContain(`href="/submissions/${submissionId}"`)
})

test('workers, limits and retention are those of the tracker, whoever set them', async () => {
  const database = await freshDatabase()
  const dashboard = await startDashboard({ database })
  const { tracker } = dashboard
  const page = await pageOf(dashboard)
  expect(await page()).toMatch(/No problems .*Workers .*running \S+:\d+/)
  expect(await page()).toMatch(
    /ended uploads are deleted never deleted .*deliveries are deleted never deleted/,
  )
  await tracker.setRateLimits({ partnerPerMinute: 1_234, customerPerMinute: 56 })
  await tracker.setRetention({ endedAfterDays: 90, eventsAfterDays: 30 })
  await uploaded(tracker, 'Front desk', ['A1'])
  await tracker.pause({ customerId })
  const text = await page()
  expect(text).toMatch(/all customers \d+ of 1,234 .*busiest customer \d+ of 56/)
  expect(text).toMatch(/ended uploads are deleted 90 .*deliveries are deleted 30/)
  expect(text).toContain('Paused customers: 1 ')
  await runSql(
    database,
    `insert into devicebatch.workers (id, name, seen_at) values (gen_random_uuid(), 'lost:7', now() - interval '1 hour'); select 1`,
  )
  expect(await page()).toMatch(/A worker ended unexpectedly\. .*gone lost:7/)
})

async function html(dashboard: { url: string }): Promise<string> {
  const response = await request(dashboard, '/operations')
  expect(response.status).toBe(200)
  return await response.text()
}

/** Reads the page as text, without its tags. */
async function pageOf(dashboard: { url: string }): Promise<() => Promise<string>> {
  return async () =>
    (await html(dashboard))
      .replace(/^.*<main/s, '<main')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .replaceAll(' ,', ',')
}

/** A receiver of webhooks that responds with this status. */
async function startReceiver(status: number): Promise<{ url: string; received: Notification[] }> {
  const received: Notification[] = []
  const server = createServer(keepsConnections, (incoming, response) => {
    let body = ''
    incoming.setEncoding('utf8').on('data', (chunk) => (body += chunk))
    incoming.on('end', () => {
      received.push(JSON.parse(body) as Notification)
      response.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}
