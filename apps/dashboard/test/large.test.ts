/** The data of a large partner: 5,000 uploads, one of them with 100,000 devices. */
import { gzipSync } from 'node:zlib'

import { expect, test } from 'vitest'

import { freshDatabase, runSql } from '../../../packages/tracker/test/databases.ts'
import { customerId, request, startDashboard } from './helpers.ts'
import { fillTables, largest, uploads } from './large-database.ts'

const devices = 100_000

test('every page is small and links to the rest, and the results are all there', async () => {
  const database = await freshDatabase()
  await runSql(database, fillTables({ ofLargest: devices, ofOthers: 50, isLargestOnly: true }))
  const dashboard = await startDashboard({ database })
  /** The bytes over the network, and the page. */
  const load = async (path: string): Promise<string> => {
    const answer = await request(dashboard, path, { headers: { 'Accept-Encoding': 'gzip' } })
    expect(answer.headers.get('Content-Encoding'), path).toBe('gzip')
    const text = await answer.text()
    // As gzip would compress it; fetch has decompressed it.
    expect(gzipSync(text).length, path).toBeLessThan(30_000)
    return text
  }
  const older = (text: string): string | undefined =>
    /href="([^"]*after=[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')

  const seen = new Set<string>()
  let path: string | undefined = '/'
  let pages = 0
  for (; path; pages++) {
    const text: string = await load(path)
    for (const [, id] of text.matchAll(/id="upload-([^"]+)"/g)) seen.add(id!)
    path = older(text)
  }
  expect([seen.size, pages]).toEqual([uploads, 100])

  const upload = `/customers/${customerId}/uploads/${largest}`
  const first = await load(upload)
  expect(first).toContain('100,000')
  // Failed devices come first.
  expect(first).not.toContain('S000001')
  const second = await load(older(first)!)
  expect(second).toContain('EMU808-1010')
  expect(await load(`${upload}?outcome=succeeded`)).toContain('S000001')
  expect(await load(`${upload}?outcome=failed`)).toContain('EMU808')
  expect(await load('/search?serialNumber=s099999')).toContain('1 result.')
  await load('/statistics?range=quarter')

  const results = await (await request(dashboard, `${upload}/results.csv`)).text()
  expect(results.trim().split('\r\n')).toHaveLength(devices + 1)
})
