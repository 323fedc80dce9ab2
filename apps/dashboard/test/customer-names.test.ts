/** A customer's name is shown wherever its id is. */
import { expect, test } from 'vitest'

import { customerId, otherCustomerId, request, startDashboard, uploaded } from './helpers.ts'

test('the name of a customer is read once, kept in the database, and shown with its id on every page', async () => {
  const dashboard = await startDashboard()
  const { tracker, emulator } = dashboard
  const trackingId = await uploaded(tracker, 'Front desk', ['FD-1'])
  await uploaded(tracker, 'Nameless', ['NL-1'], otherCustomerId)
  const page = async (path: string): Promise<string> => (await request(dashboard, path)).text()
  await expect.poll(() => page('/')).toContain('Fabrikam')

  const shown = new RegExp(`Fabrikam\\s*<small><code>${customerId}</code></small>`)
  const { submissionId } = (await tracker.getUpload(trackingId))!
  for (const path of [
    '/',
    `/customers/${customerId}/uploads/${trackingId}`,
    `/submissions/${submissionId}`,
    '/search?serialNumber=FD-1',
  ]) {
    expect(await page(path), path).toMatch(shown)
  }
  expect(await page('/uploads/new')).toContain(`<option value="${customerId}">Fabrikam</option>`)
  expect(await page('/')).toContain(`<code>${otherCustomerId}</code>`)
  expect(await tracker.getCustomerNames([customerId, otherCustomerId])).toEqual(
    new Map([[customerId, 'Fabrikam']]),
  )
  const reads = emulator.requests.filter(({ operation }) => operation === 'getCustomer')
  expect(reads.map(({ path }) => path).toSorted()).toEqual([
    `/v1/customers/${customerId}`,
    `/v1/customers/${otherCustomerId}`,
  ])
})

test('a name with markup is text', async () => {
  const dashboard = await startDashboard()
  await uploaded(dashboard.tracker, 'B', ['M-1'])
  await dashboard.tracker.setCustomerName(customerId, '<b>Bold & Co</b>')
  expect(await (await request(dashboard, '/')).text()).toContain('&lt;b&gt;Bold &amp; Co&lt;/b&gt;')
})
