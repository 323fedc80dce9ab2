/** Behind the proxies of `deploy/`: a real nginx and a real Caddy, with TLS. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

import { listen } from '../src/http/listen.ts'
import { hasBrowser, openBrowser, openPage } from './browser.ts'
import { customerId, makeDashboard, uploaded } from './helpers.ts'
import { largestFile, multipartForm } from './large-file.ts'
import { findPorts, hasProxy, proxies, publicHost, startProxy } from './proxy.ts'
import type { Proxy, ProxyName } from './proxy.ts'

const token = 'correct horse battery staple'
const names = Object.keys(proxies) as ProxyName[]

test.runIf(process.env['EVERY_RUNTIME']).each(names)('%s is there', (name) => {
  expect(hasProxy(name), `${proxies[name]}, from Debian's package ${name.toLowerCase()}`).toBe(true)
})

describe.each(names.filter((name) => hasProxy(name)))('behind %s', (name) => {
  let dashboard: Awaited<ReturnType<typeof makeDashboard>>
  let proxy: Proxy
  let session: { Cookie: string }
  beforeAll(async () => {
    const ports = await findPorts()
    const publicUrl = `https://${publicHost}:${ports.httpsPort}`
    // A batch takes two seconds.
    dashboard = await makeDashboard({ token, publicUrl, timeScale: 6 })
    proxy = await startProxy(name, ports, dashboard.port)
  })
  afterAll(async () => {
    await proxy?.stop()
    await dashboard?.stop()
  })

  test('plain HTTP leads to HTTPS, and browsers are told to stay there', async () => {
    const plain = await proxy.visit('/uploads/new?customer=x', { plain: true })
    expect(plain.status).toBe(308)
    expect(plain.headers.location).toMatch(
      /^https:\/\/devices\.example\.com(:\d+)?\/uploads\/new\?customer=x$/,
    )
    expect(plain.headers).not.toHaveProperty('strict-transport-security')
    const secure = await proxy.visit('/uploads/new')
    expect(secure).toMatchObject({ status: 303, headers: { location: '/sign-in?back=%2Fuploads%2Fnew' } })
    expect(secure.headers['strict-transport-security']).toBe('max-age=31536000')
    const missing = await proxy.visit('/public/missing')
    expect(missing).toMatchObject({ status: 404 })
    expect(missing.headers['strict-transport-security']).toBe('max-age=31536000')
  })

  // Caddy does this itself.
  test.runIf(name === 'nginx')('Certbot can renew the certificate while the proxy runs', async () => {
    proxy.prove('token', 'proof')
    const proof = await proxy.visit('/.well-known/acme-challenge/token', { plain: true })
    expect(proof).toMatchObject({ status: 200, text: 'proof' })
  })

  test('the session is for HTTPS only, and the log has the address of the visitor', async () => {
    const signedIn = await signIn(proxy, token)
    expect(signedIn.status).toBe(303)
    const cookie = signedIn.headers['set-cookie']![0]!
    expect(cookie).toMatch(/; Secure/)
    expect(cookie).toMatch(/; HttpOnly/)
    session = { Cookie: cookie.split(';')[0]! }
    expect(await proxy.visit('/', { headers: session })).toMatchObject({ status: 200 })
    // Whoever guesses tokens would pretend to be another visitor each time.
    await signIn(proxy, 'sesame', { 'X-Forwarded-For': '203.0.113.9' })
    expect(dashboard.log).toEqual([
      { level: 'warn', event: 'sign-in refused: wrong token', address: '127.0.0.2' },
    ])
  })

  test('a change arrives while the stream is open', async () => {
    const events = await proxy.send('/events', { headers: session })
    onTestFinished(() => void events.destroy())
    let received = ''
    events.setEncoding('utf8').on('data', (chunk) => (received += chunk))
    await expect.poll(() => received).toBe(': open\n\n')
    const batchTrackingId = await uploaded(dashboard.tracker, 'Front desk', ['A1'])
    await expect.poll(() => received).toContain(batchTrackingId)
  })

  // Caddy has no limit of its own.
  test.runIf(name === 'nginx')('the largest file is checked', async () => {
    const { headers, body } = multipartForm(largestFile())
    const checked = await proxy.visit('/uploads/check', {
      method: 'POST',
      headers: { ...headers, ...session, Origin: proxy.publicUrl },
      body,
    })
    expect(checked).toMatchObject({ status: 303 })
    const page = await proxy.visit(checked.headers.location!, { headers: session })
    expect(page.text).toContain('Upload 12,')
  })

  test.runIf(hasBrowser && name === 'nginx')('somebody signs in and sees an upload end', async () => {
    const browser = await openBrowser([`--host-resolver-rules=MAP ${publicHost} 127.0.0.1`])
    onTestFinished(() => browser.close())
    const { page, errors } = await openPage(browser, proxy.publicUrl, { ignoreHTTPSErrors: true })
    await page.goto('/')
    await page.getByLabel('Token').fill(token)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Uploads' }).waitFor()
    const { submissionId } = await dashboard.tracker.submit({
      customerId,
      batchId: 'Reception',
      devices: [{ serialNumber: 'RC-1', oemManufacturerName: 'Contoso', modelName: 'Laptop 3' }],
    })
    await page.goto(`/submissions/${submissionId}`)
    await page.getByText('All registered').first().waitFor()
    expect(errors).toEqual([])
  })
})

test('a connection stays open for longer than Caddy keeps it idle, so that no form arrives as it closes', async () => {
  const server = await listen('127.0.0.1', 0)
  onTestFinished(() => server.closeNow())
  server.answerWith(() => new Response('ok'))
  const { headers } = await fetch(server.url)
  expect(Number(/timeout=(\d+)/.exec(headers.get('Keep-Alive')!)![1])).toBeGreaterThan(120)
})

/** Sends the form of the sign-in. */
async function signIn(proxy: Proxy, given: string, headers: Record<string, string> = {}) {
  return await proxy.visit('/sign-in', {
    method: 'POST',
    headers: { Origin: proxy.publicUrl, 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ token: given, back: '/' }).toString(),
  })
}
