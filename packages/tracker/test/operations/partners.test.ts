/** Several partners in one database: each has a schema, and sees and does only its own. */
import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { all, devices, emptyDatabase, eventsUntil, fastEmulator, isServer, trackerOn } from '../helpers.ts'

test.runIf(isServer)('partners share neither work nor settings, pauses or figures', async () => {
  const database = await emptyDatabase()
  const [contosoEmulator, fabrikamEmulator] = [fastEmulator(), fastEmulator()]
  const contoso = trackerOn(database, contosoEmulator, { schema: 'devicebatch_contoso' })
  const fabrikam = trackerOn(database, fabrikamEmulator, { schema: 'devicebatch_fabrikam' })
  await Promise.all([contoso.start(), fabrikam.start()])
  // The same customer may buy from both.
  const customerId = randomUUID()
  await contoso.submit({ customerId, batchId: 'B', devices: devices('C1') })
  await fabrikam.submit({ customerId, batchId: 'B', devices: devices('F1', 'F2') })
  await Promise.all([eventsUntil(contoso, 'upload.ended'), eventsUntil(fabrikam, 'upload.ended')])
  expect(await all(contoso.listDevices())).toMatchObject([{ serialNumber: 'C1' }])
  expect((await fabrikam.getTotals()).devices.total).toBe(2)

  await contoso.pause()
  await contoso.setRateLimits({ partnerPerMinute: 7 })
  await contoso.setRetention({ endedAfterDays: 1 })
  expect(await fabrikam.getPauses()).toEqual({ customers: [] })
  expect((await fabrikam.getRateLimits()).partnerPerMinute).toBe(60_000)
  expect((await fabrikam.getRetention()).endedAfterDays).toBeNull()
  const { submissionId } = await contoso.submit({ customerId, batchId: 'B', devices: devices('C2') })
  await fabrikam.submit({ customerId, batchId: 'B', devices: devices('F3') })
  await eventsUntil(fabrikam, 'upload.ended', { count: 2 })
  expect((await contoso.getSubmission(submissionId))!.state).toBe('queued')
  expect(await fabrikam.getSubmission(submissionId)).toBeUndefined()

  const health = await Promise.all([contoso.health(), fabrikam.health()])
  expect(health).toMatchObject([
    {
      database: { schema: 'devicebatch_contoso' },
      figures: { uploads: { ended: 1 }, paused: { everything: true } },
    },
    {
      database: { schema: 'devicebatch_fabrikam' },
      figures: { uploads: { ended: 2 }, paused: { everything: false } },
    },
  ])
  for (const { figures } of health) expect(figures!.workers).toHaveLength(1)
})
