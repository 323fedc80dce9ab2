/** As much as a large partner has: 5,000 uploads, and one of them with 100,000 devices. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { createTracker } from '@devicebatch/tracker'
import { PGlite } from '@electric-sql/pglite'
import { expect, onTestFinished, test } from 'vitest'

import { customerId, request, startDashboard } from './helpers.ts'

const [uploads, devices] = [5_000, 100_000]
const largest = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'

test('every page is small and links to the rest, and the results are all there', async () => {
  const dashboard = await startDashboard({ database: { directory: await largeDatabase() } })
  /** What came over the network, and the page. */
  const load = async (path: string): Promise<string> => {
    const answer = await request(dashboard, path, { headers: { 'Accept-Encoding': 'gzip' } })
    expect(answer.headers.get('Content-Encoding'), path).toBe('gzip')
    const text = await answer.text()
    // As gzip would make it; fetch has unpacked it.
    expect(gzipSync(text).length, path).toBeLessThan(100_000)
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
  const second = await load(older(first)!)
  expect(second).toContain('S000101')
  expect(await load(`${upload}?outcome=failed`)).toContain('EMU808')
  expect(await load('/search?serialNumber=s099999')).toContain('Found 1 time.')
  await load('/statistics?range=quarter')

  const results = await (await request(dashboard, `${upload}/results.csv`)).text()
  expect(results.trim().split('\r\n')).toHaveLength(devices + 1)
})

/** The tables of the tracker, filled in a way that would take it hours. */
async function largeDatabase(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'devicebatch-dashboard-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  {
    await using tracker = createTracker({ database: { directory }, partner: { credential: () => 'none' } })
    await tracker.totals()
  }
  const database = new PGlite(join(directory, 'database'))
  await database.exec(`
    insert into devicebatch.uploads (batch_tracking_id, customer_id, batch_id, state, outcome, total, succeeded, failed, tracked_at, ended_at)
      select case when n = 1 then '${largest}' else gen_random_uuid() end, '${customerId}', 'Batch ' || n, 'ended', 'partially-failed',
        case when n = 1 then ${devices} else 50 end, case when n = 1 then ${devices * 0.9} else 45 end,
        case when n = 1 then ${devices * 0.1} else 5 end,
        now() - n * interval '20 minutes', now() - n * interval '20 minutes' + interval '9 minutes'
      from generate_series(1, ${uploads}) n;
    insert into devicebatch.device_results (batch_tracking_id, customer_id, position, serial_number, status, outcome, error_code, error_description)
      select '${largest}', '${customerId}', n - 1, case when n % 10 = 0 then 'EMU808-' || n else 'S' || lpad(n::text, 6, '0') end,
        case when n % 10 = 0 then 'finished_with_errors' else 'finished' end,
        case when n % 10 = 0 then 'failed' else 'succeeded' end,
        case when n % 10 = 0 then '808' end, case when n % 10 = 0 then 'ZtdDeviceAssignedToOtherTenant' end
      from generate_series(1, ${devices}) n;
    analyze;
  `)
  await database.close()
  return directory
}
