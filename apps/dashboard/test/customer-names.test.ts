/** A customer's name is shown wherever its ID is. */
import { randomUUID } from 'node:crypto'

import { createEmulator } from '@devicebatch/emulator'
import { expect, onTestFinished, test, vi } from 'vitest'

import { createDashboard } from '../src/app.ts'
import { csv, customerId, otherCustomerId, request, startDashboard, uploaded, uploadForm } from './helpers.ts'

test('the name of a customer is read once, kept in the database, and shown with its ID on every page', async () => {
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

test('names are read one at a time, and what the service was too busy for is read a minute later', async () => {
  const ids = Array.from({ length: 12 }, () => randomUUID())
  const emulator = createEmulator()
  emulator.seed({
    customers: ids.map((id, index) => ({
      customerId: id,
      companyName: `Customer ${index}`,
      domain: `c${index}.example`,
    })),
  })
  emulator.faults.add({
    operation: 'getCustomer',
    skip: 5,
    times: 1,
    effect: { kind: 'answer', status: 503 },
  })
  const { fetch, ...options } = emulator.partnerOptions()
  let [reading, mostAtOnce, count] = [0, 0, 0]
  const counted: typeof fetch = async (input, init) => {
    count++
    mostAtOnce = Math.max(mostAtOnce, ++reading)
    return await fetch(input, init).finally(() => reading--)
  }
  const { tracker } = await startDashboard()
  for (const id of ids) await tracker.track({ customerId: id, batchTrackingId: randomUUID() })
  const dashboard = createDashboard({
    tracker,
    partner: { ...options, fetch: counted },
    log: () => undefined,
  })
  onTestFinished(() => dashboard.close())
  onTestFinished(() => void vi.useRealTimers())
  const open = () => dashboard.fetch(new Request('http://127.0.0.1/'))
  const known = async (): Promise<number> => (await tracker.getCustomerNames(ids)).size

  await Promise.all([open(), open()])
  await expect.poll(() => count).toBe(6)
  await open()
  expect([await known(), count]).toEqual([5, 6])
  vi.setSystemTime(Date.now() + 61_000)
  await open()
  await expect.poll(known).toBe(12)
  expect([mostAtOnce, count]).toEqual([1, 13])
})

test('a name with markup is text', async () => {
  const dashboard = await startDashboard()
  await uploaded(dashboard.tracker, 'B', ['M-1'])
  await dashboard.tracker.setCustomerName(customerId, '<b>Bold & Co</b>')
  expect(await (await request(dashboard, '/')).text()).toContain('&lt;b&gt;Bold &amp; Co&lt;/b&gt;')
})

test('the beginning of a name is enough for an upload, and one that fits several or none says so', async () => {
  const names = [
    'Northwind Traders',
    'Northwind',
    'Adatum Nord',
    'Adatum Süd',
    'Relecloud',
    'Relecloud Ltd',
    'relecloud',
  ]
  const ids = names.map((_, index) => `47021739-3426-40bf-9601-61b4b6d7c80${index}`)
  const emulator = createEmulator()
  emulator.seed({
    customers: names.map((companyName, index) => ({
      customerId: ids[index]!,
      companyName,
      domain: `c${index}.onmicrosoft.com`,
    })),
  })
  const { tracker } = await startDashboard()
  const dashboard = createDashboard({ tracker, partner: emulator.partnerOptions(), log: () => undefined })
  onTestFinished(() => dashboard.close())
  const choose = async (customer: string): Promise<Response> => {
    const body = uploadForm(csv('A1,HP,EliteBook'), { customer })
    const headers = { Origin: 'http://127.0.0.1' }
    return await dashboard.fetch(
      new Request('http://127.0.0.1/uploads/check', { method: 'POST', body, headers }),
    )
  }
  for (const [text, id] of [
    ['northwind t', ids[0]!],
    ['NORTHWIND', ids[1]!],
    ['Adatum S', ids[3]!],
  ] as const) {
    const checked = await choose(text)
    expect(checked.status, text).toBe(303)
    const page = await dashboard.fetch(new Request(`http://127.0.0.1${checked.headers.get('Location')}`))
    expect(await page.text()).toContain(id)
  }
  const named = (...at: number[]): RegExp =>
    new RegExp(
      `More than one customer.*${at.map((index) => `${names[index]} \\(c${index}\\.onmicrosoft\\.com, ${ids[index]}\\)`).join('; ')}<`,
      's',
    )
  for (const [text, message] of [
    ['Adatum', named(2, 3)],
    // Two customers have exactly this name: neither is the one that is meant.
    ['Relecloud', named(4, 6)],
    ['Tailspin', /No customer in Partner Center has a name that begins with this/],
    ['47021739-3426-40bf-9601', /Enter a tenant ID/],
  ] as const) {
    const refused = await choose(text)
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringMatching(message)])
  }
  emulator.faults.add({ operation: 'listCustomers', effect: { kind: 'answer', status: 403 } })
  expect(await (await choose('Northwind')).text()).toContain('could not look up the name')
})
