/** Input from malicious or broken clients: refused or contained, reported, and logged. */
import { randomBytes } from 'node:crypto'
import { request as rawRequest } from 'node:http'

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import {
  csv,
  customerId,
  devices,
  otherCustomerId,
  request,
  makeDashboard,
  startAnother,
  uploaded,
  uploadForm,
} from './helpers.ts'
import type { TestDashboard } from './helpers.ts'

const token = 'a token of more than twenty characters'
const address = '127.0.0.1'

/** Checks a file and returns the resulting page. */
async function check(
  dashboard: TestDashboard,
  file: Blob | string,
): Promise<{ status: number; text: string }> {
  const answer = await request(dashboard, '/uploads/check', { method: 'POST', body: uploadForm(file) })
  const location = answer.headers.get('Location')
  const page = location ? await request(dashboard, location) : answer
  return { status: page.status, text: await page.text() }
}

let shared: Awaited<ReturnType<typeof makeDashboard>>
beforeAll(async () => {
  shared = await makeDashboard()
})
afterAll(() => shared.stop())

async function stillAnswers(dashboard: TestDashboard): Promise<void> {
  expect((await request(dashboard, '/')).status).toBe(200)
}

describe('a file', () => {
  test('with HTML in a serial number is shown as text, wherever it is shown', async () => {
    const dashboard = await startAnother(shared, {})
    const serialNumber = '<script>alert(1)</script>"\'&'
    const escaped = '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;'
    const batchTrackingId = await uploaded(dashboard.tracker, '<b>Bold', [serialNumber])
    for (const path of [
      '/',
      `/customers/${customerId}/uploads/${batchTrackingId}`,
      `/search?serialNumber=${encodeURIComponent(serialNumber)}`,
    ]) {
      const text = await (await request(dashboard, path)).text()
      expect(text).not.toContain('<script>alert')
      expect(text).not.toContain('<b>Bold')
      expect(text).toContain(path === '/' ? '&lt;b&gt;Bold' : escaped)
    }
  })

  test('with formulas results in a file in which no spreadsheet runs them', async () => {
    const dashboard = await startAnother(shared, {})
    const id = await uploaded(dashboard.tracker, 'Formulas', ['=1+1', '@SUM(A1)', '-2+3'])
    const answer = await request(dashboard, `/customers/${customerId}/uploads/${id}/results.csv`)
    expect(answer.headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('Content-Disposition')).toBe(
      `attachment; filename="results.csv"; filename*=UTF-8''Formulas%20results%20%28emulator%29.csv`,
    )
    const text = await answer.text()
    for (const cell of ["'=1+1", "'@SUM(A1)", "'-2+3"]) expect(text).toContain(cell)
    expect(text).not.toMatch(/(^|,)[=@-]/m)
  })

  test.each([
    ['a zip that was renamed', new Blob([Buffer.from('504b0304140000000800', 'hex'), randomBytes(2_000)])],
    ['nothing but a header of something else', 'Name,Street\nA,B\n'],
    ['binary noise', new Blob([randomBytes(10_000)])],
    ['an empty one', ' '],
  ])('that is %s is refused with a reason, and nothing is sent', async (_, file) => {
    const dashboard = await startAnother(shared, {})
    const requests = dashboard.emulator.requests.length
    const { status, text } = await check(dashboard, file)
    expect(status).toBe(422)
    expect(text).toMatch(/id="file-error"[^]*This file is not a readable device list\./)
    expect(dashboard.emulator.requests).toHaveLength(requests)
    await stillAnswers(dashboard)
  })

  test('in the wrong encoding is refused line by line, and one in UTF-16 is read', async () => {
    const dashboard = await startAnother(shared, {})
    const latin = Buffer.from(csv('1,Contoso,Computadora portátil'), 'latin1')
    const wrong = await check(dashboard, new Blob([latin]))
    expect(wrong.text).toContain('1 row cannot be sent')
    expect(wrong.text).toContain('Save the file as')
    expect(wrong.text).toContain('No row of this file can be sent.')
    const utf16 = Buffer.from(`\uFEFF${csv('1,Contoso,Computadora portátil')}`, 'utf16le')
    expect((await check(dashboard, new Blob([utf16]))).text).toContain('Upload 1 device')
  })

  test('of a gigabyte is refused with an error page, and is not kept in memory', async () => {
    const dashboard = await startAnother(shared, {})
    const before = process.memoryUsage().rss
    const { status, text, sentMb } = await sendLong(dashboard, 1_000)
    expect({ status, text }).toEqual({ status: 413, text: expect.stringContaining('devicebatch upload') })
    expect(sentMb).toBeLessThan(1_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000)
    expect(dashboard.log).toEqual([
      { level: 'warn', event: 'form refused: too large', method: 'POST', path: '/uploads/check', address },
    ])
    await stillAnswers(dashboard)
  })

  test('with endless rows is refused too, although its length is unknown', async () => {
    const dashboard = await startAnother(shared, {})
    const { status } = await sendLong(dashboard, 200, { isChunked: true })
    expect(status).toBe(413)
    await stillAnswers(dashboard)
  })
})

/** Sends a form of this many megabytes; stops when the response arrives. */
async function sendLong(
  { port, url }: TestDashboard,
  megabytes: number,
  { isChunked = false } = {},
): Promise<{ status: number | undefined; text: string; sentMb: number }> {
  const megabyte = Buffer.alloc(1_000_000, 'Contoso,Laptop 3,1\n')
  const head = `--x\r\nContent-Disposition: form-data; name="file"; filename="devices.csv"\r\n\r\n`
  return await new Promise((resolve, reject) => {
    const sending = rawRequest({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/uploads/check',
      headers: {
        Origin: url,
        'Content-Type': 'multipart/form-data; boundary=x',
        ...(isChunked ? {} : { 'Content-Length': megabytes * megabyte.length + head.length }),
      },
    })
    let sentMb = 0
    let isAnswered = false
    sending.on('response', (answer) => {
      isAnswered = true
      let text = ''
      answer.on('data', (chunk) => (text += String(chunk)))
      answer.on('end', () => {
        resolve({ status: answer.statusCode, text, sentMb })
        sending.destroy()
      })
    })
    sending.on('error', (error) => (isAnswered ? undefined : reject(error)))
    sending.write(head)
    const more = (): void => {
      if (isAnswered || sentMb >= megabytes) return
      sentMb++
      if (sending.write(megabyte)) setImmediate(more)
      else sending.once('drain', more)
    }
    more()
  })
}

describe('who', () => {
  test('has not signed in sees nothing, and is redirected back after the sign-in', async () => {
    const dashboard = await startAnother(shared, { token })
    const path = `/search?serialNumber=1`
    const first = await request(dashboard, path)
    expect([first.status, first.headers.get('Location')]).toEqual([
      303,
      `/sign-in?back=${encodeURIComponent(path)}`,
    ])
    for (const [method, closed] of [
      ['GET', '/events'],
      ['POST', '/uploads/check'],
      ['POST', '/submissions/1/cancel'],
    ] as const) {
      expect((await request(dashboard, closed, { method })).status, closed).toBe(401)
    }
    const form = { method: 'POST', headers: { Cookie: 'session=of-yesterday' } }
    const refused = await (await request(dashboard, '/submissions/1/cancel', form)).text()
    expect(refused).toContain('<h1>You are signed out</h1>')
    expect(refused).toContain('nothing was sent or changed')
    const body = new URLSearchParams({ token, back: path })
    const signedIn = await request(dashboard, '/sign-in', { method: 'POST', body })
    expect([signedIn.status, signedIn.headers.get('Location')]).toEqual([303, path])
    const setCookie = signedIn.headers.get('Set-Cookie')!
    expect(setCookie).toMatch(/^session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/)
    const cookie = setCookie.split(';')[0]!
    expect((await request(dashboard, '/', { headers: { Cookie: cookie } })).status).toBe(200)
  })

  test('comes through a TLS proxy gets cookies for HTTPS only, and its forms are accepted', async () => {
    const dashboard = await startAnother(shared, { token, publicUrl: 'https://devices.example.com' })
    const signedIn = await request(dashboard, '/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ token }),
      headers: { Origin: 'https://devices.example.com' },
    })
    expect(signedIn.status).toBe(303)
    expect(signedIn.headers.get('Set-Cookie')).toMatch(/; Secure/)
  })

  test('has the wrong token sees an error, and the token is in no log', async () => {
    const dashboard = await startAnother(shared, { token })
    const form = new URLSearchParams({ token: 'sesame', back: 'https://elsewhere.example/' })
    const answer = await request(dashboard, '/sign-in', { method: 'POST', body: form })
    expect(answer.status).toBe(401)
    const text = await answer.text()
    expect(text).toContain('Wrong token.')
    expect(text).not.toContain('elsewhere.example')
    expect(dashboard.log).toEqual([{ level: 'warn', event: 'sign-in refused: wrong token', address }])
  })

  test.each(['A'.repeat(43), `${Date.now() + 1e9}.${'A'.repeat(43)}%3D`, 'x'])(
    'has the made-up session cookie %s is not let in, and it is logged without the cookie',
    async (forged) => {
      const dashboard = await startAnother(shared, { token })
      const answer = await request(dashboard, '/', { headers: { Cookie: `session=${forged}` } })
      expect(answer.status).toBe(303)
      expect(answer.headers.get('Location')).toMatch(/^\/sign-in/)
      expect(dashboard.log).toEqual([
        { level: 'warn', event: 'session refused: unknown or expired', method: 'GET', path: '/', address },
      ])
    },
  )

  test('comes from another site has no effect', async () => {
    const dashboard = await startAnother(shared, {})
    const { submissionId } = await dashboard.tracker.submit({
      customerId,
      batchId: 'B',
      devices: devices('1'),
    })
    for (const path of [
      '/uploads/check',
      `/submissions/${submissionId}/retry`,
      '/preferences',
      '/sign-out',
    ]) {
      const answer = await request(dashboard, path, {
        method: 'POST',
        body: new URLSearchParams({ language: 'cs' }),
        headers: { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' },
      })
      expect(answer.status, path).toBe(403)
      expect(answer.headers.get('Set-Cookie')).toBeNull()
      expect(await answer.text()).toContain('This form was sent from another site.')
    }
    expect(dashboard.log).toHaveLength(4)
    // A browser sends this to another site only after that agreed to it.
    const json = await request(dashboard, '/pause', {
      method: 'POST',
      body: '{}',
      headers: { Origin: 'https://elsewhere.example', 'Content-Type': 'application/json' },
    })
    expect(json.status).toBe(400)
    expect(await json.text()).toContain('Only forms are accepted.')
    expect(await dashboard.tracker.getPauses()).toEqual({ customers: [] })
    await stillAnswers(dashboard)
  })

  test("uses another machine's name is refused when no sign-in is required", async () => {
    const dashboard = await startAnother(shared, {})
    const status = await new Promise((resolve) => {
      rawRequest(
        { port: dashboard.port, path: '/', headers: { Host: 'dashboard.elsewhere.example' } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      ).end()
    })
    expect(status).toBe(421)
  })

  test("requests another customer's upload gets a 404", async () => {
    const dashboard = await startAnother(shared, {})
    const id = await uploaded(dashboard.tracker, 'Theirs', ['T1'], otherCustomerId)
    for (const rest of ['', '/results.csv']) {
      const answer = await request(dashboard, `/customers/${customerId}/uploads/${id}${rest}`)
      expect(answer.status).toBe(404)
      expect(await answer.text()).not.toContain('T1')
    }
    const track = await request(dashboard, `/customers/${customerId}/uploads/${id}/track`, { method: 'POST' })
    expect(track.status).toBe(404)
    expect((await request(dashboard, '/customers/x/uploads/y')).status).toBe(400)
    expect((await request(dashboard, `/submissions/${id}`)).status).toBe(404)
  })
})

test('a thousand open streams are kept and updated; further ones are told when to reconnect', async () => {
  const dashboard = await startAnother(shared, {})
  const leave = new AbortController()
  const responses: Response[] = []
  // In steps, because Linux resets connections beyond the 511 in the listen queue when a busy process accepts none for seconds.
  while (responses.length < 1_010) {
    const open = () => fetch(`${dashboard.url}/events`, { signal: leave.signal })
    responses.push(...(await Promise.all(Array.from({ length: 101 }, open))))
  }
  const held = responses.filter(({ status }) => status === 200)
  expect(held).toHaveLength(1_000)
  const refused = responses.filter(({ status }) => status === 503)
  expect(refused.map(({ headers }) => headers.get('Retry-After'))).toEqual(
    Array.from({ length: 10 }, () => '30'),
  )
  await stillAnswers(dashboard)

  const { submissionId } = await dashboard.tracker.submit({ customerId, batchId: 'B', devices: devices('1') })
  const told = await Promise.all(
    held.map(async ({ body }) => {
      let text = ''
      for await (const piece of body!.pipeThrough(new TextDecoderStream())) {
        text += piece
        if (text.includes(submissionId)) return true
      }
      return false
    }),
  )
  expect(new Set(told)).toEqual(new Set([true]))

  leave.abort()
  await expect
    .poll(async () => {
      const again = new AbortController()
      const { status } = await fetch(`${dashboard.url}/events`, { signal: again.signal })
      again.abort()
      return status
    })
    .toBe(200)
})

test('a page that fails shows a reference but no internals, and the log has both', async () => {
  const dashboard = await startAnother(shared, {})
  const failure = new Error('password=sesame in some library')
  vi.spyOn(dashboard.tracker, 'getTotals').mockRejectedValueOnce(failure)
  const answer = await request(dashboard, '/')
  expect(answer.status).toBe(500)
  const text = await answer.text()
  expect(text).not.toContain('sesame')
  const [line] = dashboard.lines.filter(({ event }) => event === 'page failed')
  expect(text).toContain(line!.requestId)
})

test('every response has a policy that allows no foreign script, style or frame', async () => {
  const dashboard = await startAnother(shared, {})
  for (const path of ['/', '/uploads/new', '/nothing', '/public/page.js']) {
    const { headers } = await request(dashboard, path)
    expect(headers.get('Content-Security-Policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
  }
  const text = await (await request(dashboard, '/')).text()
  expect(text).not.toMatch(/\son\w+=|style=|<script(?! src)|https?:\/\//)
})
