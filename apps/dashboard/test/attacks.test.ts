/** Attempts to take the dashboard down or to break in: refused, logged with the address, and the pages still respond. */
import { request as rawRequest } from 'node:http'

import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest'

import { readEnvironment } from '../src/environment/environment.ts'
import { customerId, makeDashboard, request, startAnother, uploaded } from './helpers.ts'
import type { TestDashboard } from './helpers.ts'

const token = 'a token of more than twenty characters'
const address = '127.0.0.1'

async function stillAnswers(dashboard: TestDashboard, headers: Record<string, string> = {}): Promise<void> {
  expect((await request(dashboard, '/', { headers })).status).toBe(200)
}

/** Signs in and returns the cookie, as a browser sends it back. */
async function signIn(dashboard: TestDashboard): Promise<string> {
  const body = new URLSearchParams({ token })
  const response = await request(dashboard, '/sign-in', { method: 'POST', body })
  expect(response.status).toBe(303)
  return response.headers.get('Set-Cookie')!.split(';')[0]!
}

let shared: Awaited<ReturnType<typeof makeDashboard>>
/** An upload that has ended. */
let upload: string
beforeAll(async () => {
  shared = await makeDashboard()
  upload = `/customers/${customerId}/uploads/${await uploaded(shared.tracker, 'Front desk', ['FD-1'])}`
})
afterAll(() => shared.stop())

const printed = vi.spyOn(console, 'error')
beforeEach(() => void printed.mockReset())
// Every failure is a line in the log; a runtime's own output would bypass it.
afterEach(() => expect(printed).not.toHaveBeenCalled())

test('HEAD requests for the event stream take up no place of open pages', async () => {
  const dashboard = await startAnother(shared, {})
  // One after another: a busy machine resets connections that come all at once.
  for (let sent = 0; sent < 1_001; sent++) {
    const { status, headers } = await request(dashboard, '/events', { method: 'HEAD' })
    expect([status, headers.get('Allow')]).toEqual([405, 'GET'])
  }
  const leave = new AbortController()
  const { status } = await fetch(`${dashboard.url}/events`, { signal: leave.signal })
  leave.abort()
  expect(status).toBe(200)
})

test('a HEAD request for the results reads no devices', async () => {
  const dashboard = await startAnother(shared, {})
  const listed = vi.spyOn(dashboard.tracker, 'listDevices')
  const path = `${upload}/results.csv`
  const response = await request(dashboard, path, { method: 'HEAD' })
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'text/csv; charset=utf-8'])
  expect(listed).not.toHaveBeenCalled()
})

test('a copy of the session cookie is worthless once its owner has signed out', async () => {
  const dashboard = await startAnother(shared, { token })
  const [Cookie, other] = [await signIn(dashboard), await signIn(dashboard)]
  await stillAnswers(dashboard, { Cookie })
  await request(dashboard, '/sign-out', { method: 'POST', headers: { Cookie } })
  expect((await request(dashboard, '/', { headers: { Cookie } })).status).toBe(303)
  await stillAnswers(dashboard, { Cookie: other })
})

describe('wrong tokens', () => {
  const tryToken = (dashboard: TestDashboard, given: string, headers: Record<string, string> = {}) =>
    request(dashboard, '/sign-in', { method: 'POST', body: new URLSearchParams({ token: given }), headers })

  test('in quick succession are refused unread until a minute has passed, and logged with the address', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const dashboard = await startAnother(shared, { token })
    const statuses: number[] = []
    for (let count = 0; count < 300; count++) statuses.push((await tryToken(dashboard, 'sesame')).status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(290)
    const refused = await tryToken(dashboard, token)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
    // One line per wrong token and one for the limit: the log cannot be flooded.
    expect(dashboard.log).toHaveLength(11)
    expect(dashboard.log.at(-1)).toEqual({
      level: 'warn',
      event: 'sign-in refused: too many wrong tokens',
      address,
    })
    expect(JSON.stringify(dashboard.log)).not.toContain('sesame')
    vi.setSystemTime(Date.now() + 61_000)
    expect((await tryToken(dashboard, token)).status).toBe(303)
  })

  test('of one visitor behind the proxy do not lock out other visitors', async () => {
    const publicUrl = 'https://devices.example.com'
    const dashboard = await startAnother(shared, { token, publicUrl })
    // The proxy appends the address that it saw; anybody can forge what precedes it.
    const from = (visitor: string) => ({ Origin: publicUrl, 'X-Forwarded-For': `10.0.0.1, ${visitor}` })
    for (let count = 0; count < 20; count++) await tryToken(dashboard, 'sesame', from('203.0.113.7'))
    expect((await tryToken(dashboard, token, from('203.0.113.7'))).status).toBe(429)
    expect((await tryToken(dashboard, token, from('203.0.113.8'))).status).toBe(303)
    expect(dashboard.log[0]).toMatchObject({ address: '203.0.113.7' })
  })

  test.each([
    ['2001:db8:1:2:', '2001:db8:1:3::1'],
    // Its third and fourth groups are zeros, so the next one may look like one of them.
    ['2001:db8::a', '2001:db8:0:1::a'],
  ])('of an IPv6 network that begins with %s are counted together', async (network, neighbour) => {
    const publicUrl = 'https://devices.example.com'
    const dashboard = await startAnother(shared, { token, publicUrl })
    const from = (forwarded: string) => ({ Origin: publicUrl, 'X-Forwarded-For': forwarded })
    for (let count = 1; count <= 20; count++)
      await tryToken(dashboard, 'sesame', from(`${network}${count}:1:1:1`))
    expect((await tryToken(dashboard, token, from(`${network}21:1:1:1`))).status).toBe(429)
    expect((await tryToken(dashboard, token, from(neighbour))).status).toBe(303)
  })

  test('are counted by address even if the proxy adds a port, as Azure App Service does', async () => {
    const publicUrl = 'https://devices.example.com'
    const dashboard = await startAnother(shared, { token, publicUrl })
    const from = (forwarded: string) => ({ Origin: publicUrl, 'X-Forwarded-For': forwarded })
    for (let count = 0; count < 20; count++) {
      await tryToken(dashboard, 'sesame', from(`203.0.113.7:${50_000 + count}`))
      await tryToken(dashboard, 'sesame', from(`[2001:db8::7]:${50_000 + count}`))
    }
    expect((await tryToken(dashboard, token, from('203.0.113.7:1'))).status).toBe(429)
    expect((await tryToken(dashboard, token, from('2001:db8::7'))).status).toBe(429)
    const addresses = dashboard.log.map((line) => line.address)
    expect(new Set(addresses)).toEqual(new Set(['203.0.113.7', '2001:db8::7']))
  })

  test('are not hidden by a header that anyone can send when there is no proxy', async () => {
    const dashboard = await startAnother(shared, { token })
    for (let count = 0; count < 20; count++)
      await tryToken(dashboard, 'sesame', { 'X-Forwarded-For': `203.0.113.${count}` })
    expect((await tryToken(dashboard, token)).status).toBe(429)
    expect(new Set(dashboard.log.map((line) => line.address))).toEqual(new Set([address]))
  })
})

test('cookies are sent over HTTPS only, however the public URL spells it', async () => {
  const { publicUrl } = readEnvironment({ DEVICEBATCH_PUBLIC_URL: 'HTTPS://Devices.Example.com/' })
  const dashboard = await startAnother(shared, { token, publicUrl })
  for (const path of ['/sign-in', '/preferences']) {
    const response = await request(dashboard, path, {
      method: 'POST',
      body: new URLSearchParams({ token, language: 'cs' }),
      headers: { Origin: 'https://devices.example.com' },
    })
    expect(response.headers.get('Set-Cookie'), path).toMatch(/; Secure/)
  }
})

test('nothing but the style sheet, the script and the icon is kept by a cache', async () => {
  const dashboard = await startAnother(shared, { token })
  const Cookie = await signIn(dashboard)
  for (const path of [
    '/',
    upload,
    `${upload}/results.csv`,
    '/statistics',
    '/search',
    '/nothing',
    '/sign-in',
  ]) {
    const response = await request(dashboard, path, { headers: { Cookie } })
    expect(response.headers.get('Cache-Control'), path).toBe('no-store')
  }
  const redirect = await request(dashboard, '/')
  expect([redirect.status, redirect.headers.get('Cache-Control')]).toEqual([303, 'no-store'])
  expect((await request(dashboard, '/public/page.js')).headers.get('Cache-Control')).toMatch(/immutable/)
})

test.each([
  ['/\u0001x', '/%01x'],
  ['/\u0000x', '/%00x'],
  ['/search?serialNumber=ž&x=\u0007y', '/search?serialNumber=%C5%BE&x=%07y'],
  ['/\r\nSet-Cookie: session=1', '/Set-Cookie:%20session=1'],
  ['/.//elsewhere.example', '/'],
  ['/\t/elsewhere.example', '/'],
  ['/\\elsewhere.example', '/'],
  ['//elsewhere.example', '/'],
  ['https://elsewhere.example/', '/'],
  ['http://', '/'],
])('%j as the way back leads to %j', async (back, location) => {
  const dashboard = await startAnother(shared, { token })
  for (const path of ['/sign-in', '/preferences']) {
    const body = new URLSearchParams({ token, language: 'cs', back })
    const response = await request(dashboard, path, { method: 'POST', body })
    expect([response.status, response.headers.get('Location')], path).toEqual([303, location])
  }
})

test.each(['/uploads/check', '/sign-in', '/preferences'])(
  'a form that is cut off at %s is a bad request',
  async (path) => {
    const dashboard = await startAnother(shared, {})
    for (const body of ['--x\r\nContent-Disposition: form-data; name="file"', '', '--y--']) {
      const response = await request(dashboard, path, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
      })
      expect(response.status).toBe(400)
      expect(await response.text()).toContain('Bad request')
    }
    expect(dashboard.log).toHaveLength(3)
    expect(dashboard.log[0]).toEqual({
      level: 'warn',
      event: 'request refused: it cannot be read',
      method: 'POST',
      path,
      address,
      message: 'The form is incomplete or damaged.',
    })
    await stillAnswers(dashboard)
  },
)

test('a NUL anywhere is a bad request', async () => {
  const dashboard = await startAnother(shared, {})
  const paths = [
    '/?customerId=%00',
    '/?customerId=a%00&state=ended',
    '/?after=%00',
    '/search?serialNumber=%00',
    `${upload}?errorCode=%00`,
    `${upload}?after=%00`,
    '/customers/%00/uploads/%00',
    '/submissions/%00',
    '/uploads/check/%00',
  ]
  for (const path of paths) expect((await request(dashboard, path)).status, path).toBe(400)
  expect(dashboard.log).toHaveLength(paths.length)
  for (const line of dashboard.log) expect(line).toMatchObject({ level: 'warn', address })
  await stillAnswers(dashboard)
})

test.each([
  '99999999999999999999-0',
  '18446744073709551616-0',
  '0-999999999999999999999999',
  '1',
  '%00',
  "1-1';select 1",
])('%j as the position of an event is a bad request', async (position) => {
  const dashboard = await startAnother(shared, {})
  expect((await request(dashboard, `/events?after=${position}`)).status).toBe(400)
  expect(dashboard.log[0]).toMatchObject({ level: 'warn', address })
  await stillAnswers(dashboard)
})

test('invalid event positions take up no place of open pages', async () => {
  const dashboard = await startAnother(shared, {})
  const headers = { 'Last-Event-ID': '99999999999999999999-0' }
  for (let sent = 0; sent < 1_001; sent++) {
    const response = await request(dashboard, '/events', { headers })
    expect(response.status).toBe(400)
    await response.body?.cancel()
  }
  const leave = new AbortController()
  const { status } = await fetch(`${dashboard.url}/events`, { signal: leave.signal })
  leave.abort()
  expect(status).toBe(200)
})

test('results that break off while they are sent are logged as one line', async () => {
  const dashboard = await startAnother(shared, {})
  vi.spyOn(dashboard.tracker, 'listDevices').mockImplementationOnce(async function* () {
    yield await Promise.reject(new Error('password=sesame in some library'))
  })
  const response = await request(dashboard, `${upload}/results.csv`)
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('sesame')
  expect(dashboard.log).toHaveLength(1)
})

test('a request that is not HTTP, or has no path, breaks nothing', async () => {
  const dashboard = await startAnother(shared, {})
  for (const [path, Host] of [
    ['/', 'a b'],
    ['/', '127.0.0.1:99999'],
    ['//', '127.0.0.1'],
    ['/%', '127.0.0.1'],
    ['/submissions/%E0%A4%A', '127.0.0.1'],
    ['*', '127.0.0.1'],
  ] as const) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      rawRequest({ port: dashboard.port, path, headers: { Host } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status, `${path} of ${Host}`).toBeLessThan(500)
  }
  await stillAnswers(dashboard)
})
