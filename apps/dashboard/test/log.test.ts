/** The log: one line of JSON for each request, failure and refusal, with documented fields and without secrets. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { createEmulator } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, onTestFinished, test, vi } from 'vitest'

import { emulatorEnvironment } from '../../../packages/emulator/test/environment.ts'
import { freshDatabase } from '../../../packages/tracker/test/databases.ts'
import type { LogLine } from '../src/log.ts'
import { backgroundErrors } from '../src/log.ts'
import { request, startDashboard } from './helpers.ts'
import { startCommand } from './run-command.ts'

const token = 'a token of more than twenty characters'

test('a request is logged with its result and the address that the proxy saw, without its query', async () => {
  const dashboard = await startDashboard({ token, publicUrl: 'https://devices.example.com' })
  const headers = { 'X-Forwarded-For': '198.51.100.1, 203.0.113.7' }
  const response = await request(dashboard, '/search?serialNumber=SECRET-1', { headers })
  expect(dashboard.lines).toEqual([
    {
      level: 'info',
      event: 'request',
      requestId: response.headers.get('X-Request-Id'),
      method: 'GET',
      path: '/search',
      status: 303,
      durationMs: expect.any(Number),
      address: '203.0.113.7',
    },
  ])
})

test('all lines about a request have its ID, which no visitor can choose', async () => {
  const dashboard = await startDashboard({ token })
  const body = new URLSearchParams({ token: 'wrong' })
  const headers = { 'X-Request-Id': 'mine' }
  const response = await request(dashboard, '/sign-in', { method: 'POST', body, headers })
  const id = response.headers.get('X-Request-Id')
  expect(id).toMatch(/^[\da-f-]{36}$/)
  expect(dashboard.lines.map(({ event, requestId }) => [event, requestId])).toEqual([
    ['sign-in refused: wrong token', id],
    ['request', id],
  ])
})

test('a request of somebody who has signed in says who it was', async () => {
  const dashboard = await startDashboard({ token })
  const signedIn = await request(dashboard, '/sign-in', {
    method: 'POST',
    body: new URLSearchParams({ token }),
  })
  const headers = { Cookie: signedIn.headers.get('Set-Cookie')!.split(';')[0]! }
  await request(dashboard, '/uploads/new', { headers })
  expect(dashboard.lines.at(-1)).toMatchObject({
    event: 'request',
    path: '/uploads/new',
    status: 200,
    by: 'shared token',
  })
})

test('a page that fails is logged once with its cause, and once as a request with its status', async () => {
  const dashboard = await startDashboard()
  vi.spyOn(dashboard.tracker, 'getTotals').mockRejectedValueOnce(new Error('out of order'))
  await request(dashboard, '/')
  expect(dashboard.lines).toMatchObject([
    { level: 'error', event: 'page failed', message: 'out of order' },
    { level: 'info', event: 'request', status: 500 },
  ])
})

test('the same error in the background is logged once a minute', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const lines: LogLine[] = []
  const log = backgroundErrors((line) => lines.push(line))
  for (let second = 0; second < 61; second++) {
    log(new Error('The database is gone.'))
    vi.advanceTimersByTime(1_000)
  }
  log('another')
  const gone = { level: 'error', event: 'background work failed', message: 'The database is gone.' }
  expect(lines).toEqual([gone, gone, { ...gone, message: 'another' }])
})

test('the process writes JSON with a time, and the README documents every field', async () => {
  const emulator = await serve({ emulator: createEmulator() })
  onTestFinished(() => emulator.close())
  const command = startCommand([], {
    ...emulatorEnvironment(emulator),
    DEVICEBATCH_DATABASE_URL: (await freshDatabase()) as string,
  })
  const url = await command.line(/http:\S+/)
  await fetch(`${url}/healthz`)
  await fetch(`${url}/nothing`)
  await fetch(`${url}/preferences`, { method: 'POST', headers: { Origin: 'https://evil.example' } })
  command.signal('SIGTERM')
  const { exitCode, stderr } = await command.ended
  expect(exitCode).toBe(0)
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines.map(({ path }) => path)).toEqual(['/nothing', ...lines.slice(1).map(() => '/preferences')])
  expect(lines.length).toBeGreaterThan(1)
  for (const { time } of lines) expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8')
  const source = await readFile(join(import.meta.dirname, '../src/log.ts'), 'utf8')
  const [, line = ''] = /export interface LogLine \{([^}]+)\}/.exec(source) ?? []
  const fields = ['time', ...[...line.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name!)]
  expect(fields.length).toBeGreaterThan(8)
  for (const field of fields) expect(readme).toMatch(new RegExp(`^\\| \`${field}\` +\\|`, 'm'))
})
