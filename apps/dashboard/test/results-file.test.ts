/** The devices that a page shows can be downloaded, to give them to somebody else. */
import { expect, test } from 'vitest'

import { customerId, request, startDashboard, uploaded } from './helpers.ts'

test.each([
  ['', ['A1', 'EMU640-B2', 'EMU808-C3']],
  ['?outcome=failed', ['EMU640-B2', 'EMU808-C3']],
  ['?errorCode=808', ['EMU808-C3']],
])('with the filter %j, the download has the devices of the page', async (filter, serials) => {
  const dashboard = await startDashboard()
  const id = await uploaded(dashboard.tracker, 'Front desk', ['A1', 'EMU640-B2', 'EMU808-C3'])
  const path = `/customers/${customerId}/uploads/${id}`
  const page = await (await request(dashboard, `${path}${filter}`)).text()
  const [, href] = [...page.matchAll(/href="([^"]*results\.csv[^"]*)"/g)].at(-1)!
  const file = await (await request(dashboard, href!)).text()
  const rows = file.trimEnd().split('\r\n').slice(1)
  expect(new Set(rows.map((row) => row.split(',')[1]))).toEqual(new Set(serials))
  expect(rows).toHaveLength(serials.length)
})

test.each([
  ['en', ','],
  ['fr', ';'],
  ['zh-TW', ','],
])(
  'in %s, the download has the delimiter that a spreadsheet program expects',
  async (language, delimiter) => {
    const dashboard = await startDashboard()
    const id = await uploaded(dashboard.tracker, 'Front desk', ['A1'])
    const file = await request(dashboard, `/customers/${customerId}/uploads/${id}/results.csv`, {
      headers: { 'Accept-Language': language },
    })
    expect((await file.text()).split('\r\n')[1]).toMatch(new RegExp(`^${delimiter}A1${delimiter}`))
  },
)
