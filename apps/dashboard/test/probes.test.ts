/** What load balancers, containers and monitoring ask for: without a session, and without data of customers. */
import { request as send } from 'node:http'

import { createEmulator } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { createTracker } from '@devicebatch/tracker'
import type { Tracker } from '@devicebatch/tracker'
import { describe, expect, onTestFinished, test } from 'vitest'

import { emulatorEnvironment } from '../../../packages/emulator/test/environment.ts'
import { freshDatabase, runSql } from '../../../packages/tracker/test/databases.ts'
import { createDashboard } from '../src/app.ts'
import type { LogLine } from '../src/log.ts'
import { customerId, request, startDashboard, uploaded } from './helpers.ts'
import { startCommand } from './run-command.ts'

const token = 'a-token-of-20-or-more'
const metricsToken = 'another-token-of-20-or-more'
const partner = { credential: () => 'none' }

/** A dashboard without a server or a worker. */
function dashboardOn(tracker: Tracker) {
  const log: LogLine[] = []
  const dashboard = createDashboard({ tracker, partner, token, metricsToken, log: (line) => log.push(line) })
  onTestFinished(async () => {
    dashboard.close()
    await tracker.close()
  })
  return {
    ...dashboard,
    log,
    get: async (path: string, init: RequestInit = {}) =>
      await dashboard.fetch(new Request(`http://db.example${path}`, init)),
  }
}

describe('without a session', () => {
  test.each(['/healthz', '/readyz'])(
    '%s says that all is well, sets no cookie and is never cached',
    async (path) => {
      const dashboard = await startDashboard({ token })
      const response = await request(dashboard, path)
      expect(response.status).toBe(200)
      expect(response.headers.get('Set-Cookie')).toBeNull()
      expect(response.headers.get('Cache-Control')).toBe('no-store')
      expect(await response.text()).toBe(path === '/healthz' ? 'ok' : 'ready')
      expect((await request(dashboard, path, { method: 'HEAD' })).status).toBe(200)
      expect(dashboard.log).toEqual([])
    },
  )

  test('a page is still refused, and so is another method', async () => {
    const dashboard = await startDashboard({ token })
    expect((await request(dashboard, '/')).status).toBe(303)
    expect((await request(dashboard, '/healthz', { method: 'POST' })).status).not.toBe(200)
  })
})

describe('/readyz', () => {
  test('waits for a worker, and is ready with one', async () => {
    const tracker = createTracker({ database: await freshDatabase(), partner })
    const { get, log } = dashboardOn(tracker)
    // Opens the database, which may take longer than the probe waits.
    await tracker.lastPosition()
    const response = await get('/readyz')
    expect([response.status, await response.text()]).toEqual([503, 'No worker is running.'])
    await get('/readyz')
    expect(log).toEqual([{ level: 'warn', event: 'not ready', message: 'No worker is running.' }])
    await tracker.start()
    await expect.poll(async () => (await get('/readyz')).status).toBe(200)
  })

  test('says that the database cannot be used, with its address in the log alone', async () => {
    const { get, log } = dashboardOn(
      createTracker({ database: 'postgres://tracker:sesame@127.0.0.1:9/x', partner }),
    )
    const response = await get('/readyz')
    expect([response.status, await response.text()]).toEqual([503, 'The database cannot be used.'])
    expect(log).toMatchObject([{ event: 'not ready', message: expect.stringContaining('127.0.0.1:9') }])
    expect(JSON.stringify(log)).not.toContain('sesame')
    expect((await get('/healthz')).status).toBe(200)
  })

  test('says so when a newer program has changed the tables', async () => {
    const database = await freshDatabase()
    const { get, log } = dashboardOn(createTracker({ database, partner }))
    await get('/readyz')
    await runSql(
      database,
      `insert into devicebatch.kysely_migration (name, timestamp) values ('9999-12-31-tomorrow', now()); select 1`,
    )
    await expect.poll(async () => (await get('/readyz')).text()).toBe('The database cannot be used.')
    expect(log.at(-1)!.message).toMatch(/newer than this program/)
  })

  test('says that the dashboard is stopping as soon as it drains; it then opens no stream', async () => {
    const dashboard = await startDashboard()
    expect((await request(dashboard, '/readyz')).status).toBe(200)
    dashboard.drain()
    const response = await request(dashboard, '/readyz')
    expect([response.status, await response.text()]).toEqual([503, 'The dashboard is stopping.'])
    expect((await request(dashboard, '/events')).status).toBe(503)
  })

  test('asks the database once, however many ask', async () => {
    const tracker = createTracker({ database: await freshDatabase(), partner })
    let reads = 0
    const counted: Tracker = {
      ...tracker,
      async health() {
        reads += 1
        return await tracker.health()
      },
    }
    const { get } = dashboardOn(counted)
    await Promise.all(Array.from({ length: 50 }, () => get('/readyz')))
    expect(reads).toBe(1)
  })
})

test('a probe that fails is logged with its cause, which is not in the response', async () => {
  const tracker = createTracker({ database: await freshDatabase(), partner })
  const fail = () => Promise.reject(new TypeError('broken inside'))
  const { get, log } = dashboardOn({ ...tracker, health: fail, metrics: fail })
  for (const path of ['/readyz', '/metrics']) {
    const response = await get(path, { headers: { Authorization: `Bearer ${metricsToken}` } })
    expect([response.status, await response.text()]).toEqual([
      503,
      'It cannot be measured; the log says why.',
    ])
    expect(log.at(-1)).toEqual({ level: 'error', event: 'probe failed', path, message: 'broken inside' })
  }
})

describe('/metrics', () => {
  test('does not exist without a token in the settings', async () => {
    const dashboard = await startDashboard()
    const response = await request(dashboard, '/metrics')
    expect([response.status, await response.text()]).toEqual([404, 'Not found'])
  })

  test.each([
    ['no token', {}],
    ['another token', { Authorization: `Bearer ${token}` }],
    ['another scheme', { Authorization: `Basic ${metricsToken}` }],
    ['nothing', { Authorization: 'Bearer ' }],
  ])('is refused with %s', async (_, headers) => {
    const dashboard = await startDashboard({ token, metricsToken })
    const response = await request(dashboard, '/metrics', { headers })
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toBe('Bearer')
    expect(await response.text()).not.toContain('devicebatch_')
  })

  test('has the measurements of the tracker, and no ID or name of a customer', async () => {
    const dashboard = await startDashboard({ token, metricsToken })
    await uploaded(dashboard.tracker, 'Secret batch', ['SECRET-1'])
    const response = await request(dashboard, '/metrics', {
      headers: { Authorization: `Bearer ${metricsToken}` },
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    )
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    const text = await response.text()
    expect(text).toMatch(/^devicebatch_uploads\{state="ended"\} 1$/m)
    expect(text).not.toMatch(new RegExp(`${customerId}|secret`, 'i'))
  })
})

test('a supervisor ends it in order: streams ended, the last request answered, the worker gone, exit code 0', async () => {
  const database = (await freshDatabase()) as string
  const emulator = await serve({ emulator: createEmulator() })
  onTestFinished(() => emulator.close())
  const command = startCommand([], {
    ...emulatorEnvironment(emulator),
    DEVICEBATCH_DATABASE_URL: database,
  })
  const url = await command.line(/http:\S+/)
  expect(await (await fetch(`${url}/readyz`)).text()).toBe('ready')

  const stream = (await fetch(`${url}/events`)).body!.pipeThrough(new TextDecoderStream()).getReader()
  await stream.read()
  const slow = startSlowForm(url)
  await slow.sent

  command.signal('SIGTERM')
  let chunk = await stream.read()
  while (!chunk.done) chunk = await stream.read()
  slow.finish()
  expect(await slow.status).toBe(303)
  expect(await command.ended).toMatchObject({ exitCode: 0 })
  expect(await runSql(database, 'select name from devicebatch.workers')).toEqual([])
})

/** A form of which only the first half has been sent. */
function startSlowForm(url: string) {
  const body = 'theme=dark&language=en'
  const form = send(`${url}/preferences`, {
    method: 'POST',
    headers: {
      Origin: url,
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': body.length,
    },
  })
  const status = new Promise<number | undefined>((resolve, reject) => {
    form.on('response', (response) => resolve(response.statusCode)).on('error', reject)
  })
  return {
    status,
    sent: new Promise<void>((resolve) => form.write(body.slice(0, 5), () => resolve())),
    finish: () => void form.end(body.slice(5)),
  }
}
