/** What the first page, the page of a submission and the statistics show at a glance is complete. */
import { afterEach, expect, test, vi } from 'vitest'

import { freshDatabase, runSql } from '../../../packages/tracker/test/databases.ts'
import { customerId, devices, request, startDashboard, uploaded } from './helpers.ts'

afterEach(() => void vi.useRealTimers())

test('a rejected submission comes first however many newer ones wait, and those without room are counted', async () => {
  const { tracker, emulator, ...dashboard } = await startDashboard()
  const submit = (batchId: string) => tracker.submit({ customerId, batchId, devices: devices(batchId) })
  const firstPage = async (): Promise<string> => (await request(dashboard, '/')).text()
  emulator.faults.add({ operation: 'createDeviceBatch', times: 1, effect: { kind: 'answer', status: 403 } })
  const { submissionId } = await submit('Refused')
  await expect.poll(async () => (await tracker.getSubmission(submissionId))!.state).toBe('failed')
  await tracker.pause()
  for (let count = 1; count <= 22; count++) await submit(`Later ${count}`)

  const page = await firstPage()
  const shown = [...page.matchAll(/id="submission-[^>]*>(.*?)</g)].map(([, batch]) => batch)
  expect(shown).toHaveLength(20)
  expect(shown.slice(0, 2)).toEqual(['Refused', 'Later 22'])
  expect(page).toContain('<p>And 3 more.</p>')
})

test('a cancelled submission has ended once the devices that were sent have their results', async () => {
  const { tracker, emulator, ...dashboard } = await startDashboard({ timeScale: 0 })
  emulator.faults.add({
    operation: 'addDevicesToBatch',
    times: 'always',
    effect: { kind: 'answer', status: 503 },
  })
  const serialNumbers = Array.from({ length: 1_500 }, (_, index) => `C${index}`)
  const { submissionId } = await tracker.submit({
    customerId,
    batchId: 'Half',
    devices: devices(...serialNumbers),
  })
  const requested = () => emulator.requests.some(({ operation }) => operation === 'addDevicesToBatch')
  await expect.poll(requested).toBe(true)
  await tracker.cancelSubmission(submissionId)
  await expect.poll(async () => (await tracker.getSubmission(submissionId))!.state).toBe('cancelled')
  const page = async (): Promise<string> => (await request(dashboard, `/submissions/${submissionId}`)).text()
  expect(await page()).not.toContain('data-ended')
  expect(await page()).toContain('id="notify"')
  emulator.clock.advance(3_600_000)
  await expect.poll(page).toContain('data-ended')
})

/** A time in UTC on the day that is this many days from today. */
const at = (days: number, time: string): string =>
  `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T${time}Z`

test.each([
  ['week', at(-6, '00:00:00'), at(-6, '23:59:59'), at(-7, '23:59:59')],
  ['day', at(-1, '14:00:00'), at(-1, '14:59:59'), at(-1, '13:59:59')],
])('the first column of the statistics for a %s covers a whole interval', async (range, ...times) => {
  const database = await freshDatabase()
  const { tracker, ...dashboard } = await startDashboard({ database })
  for (const [index, time] of times.entries()) {
    const trackingId = await uploaded(tracker, `U${index}`, [`S${index}`])
    await runSql(
      database,
      `update devicebatch.uploads set ended_at = '${time}' where batch_tracking_id = '${trackingId}'; select 1`,
    )
  }
  vi.setSystemTime(at(0, '13:30:00'))
  const page = await (await request(dashboard, `/statistics?range=${range}`)).text()
  const [, rows] = /id="devices-chart-table".*?<tbody>(.*?)<\/tbody>/s.exec(page)!
  // None for the part of the interval before it.
  expect(rows!.match(/<tr/g)).toHaveLength(1)
  const text = rows!.replaceAll(/<[^>]+>/g, ' ')
  expect(text.trim().split(/\s+/).slice(-4)).toEqual(['2', '0', '0', '0'])
  const first = new Date(times[0]).toLocaleDateString('en', { dateStyle: 'medium', timeZone: 'UTC' })
  expect(text).toContain(first)
  expect(page).toContain('Devices by outcome (UTC)')
})
