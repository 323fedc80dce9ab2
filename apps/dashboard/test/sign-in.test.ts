/** Signing in at an OpenID provider: who gets in, as what, and what everybody else is told. */
import { generateKeyPairSync } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'

import { checkIssuer } from '../src/environment/openid.ts'
import type { LogLine } from '../src/log.ts'
import {
  close,
  csv,
  customerId,
  devices,
  listen,
  makeDashboard,
  startAnother,
  uploadForm,
} from './helpers.ts'
import type { TestDashboard } from './helpers.ts'
import { startProvider, visit } from './openid.ts'
import type { TestProvider, Visitor } from './openid.ts'

const publicUrl = 'https://devices.example.com'
const minute = 60_000

let shared: Awaited<ReturnType<typeof makeDashboard>>
let provider: TestProvider
let dashboard: TestDashboard
beforeAll(async () => {
  shared = await makeDashboard()
  provider = await startProvider([publicUrl])
})
afterAll(async () => {
  await shared?.stop()
  await provider?.stop()
})

beforeEach(async () => {
  provider.tamper = undefined
  provider.accounts.clear()
  provider.accounts.set('ana', { oid: 'oid-of-ana', name: 'Ana Silva', roles: ['operator'] })
  provider.accounts.set('cem', { preferred_username: 'cem@example.com', roles: ['Other', 'reader'] })
  dashboard = await startAnother(shared, { openId: provider.settings(publicUrl), publicUrl })
})

const come = (): Visitor => visit(dashboard, publicUrl)

/** Lets the time of this process pass. */
function pass(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  vi.setSystemTime(Date.now() + ms)
}

/** The heading of a page. */
async function headingOf(response: Response): Promise<string | undefined> {
  return /<h1>(.*?)<\/h1>/s.exec(await response.text())?.[1]
}

/** Nobody is in, the page says why, and the log says it with the address and without secrets. */
async function expectRefused(
  visitor: Visitor,
  response: Response,
  { status, heading, logged }: { status: number; heading: string; logged: Partial<LogLine> },
): Promise<void> {
  expect([response.status, await headingOf(response)]).toEqual([status, heading])
  expect(visitor.cookies.has('__Host-session')).toBe(false)
  expect((await visitor.request('/')).status).toBe(303)
  const line = dashboard.log.find(({ event }) => event === logged.event)
  expect(line).toMatchObject({ level: 'warn', address: '127.0.0.1', ...logged })
  expectNoSecret()
}

function expectNoSecret(): void {
  const log = JSON.stringify(dashboard.log)
  expect(log).not.toContain('client secret that')
  expect(log).not.toMatch(/eyJ|[\w-]{43}/)
}

describe('whoever has a role', () => {
  test('is sent to the provider with state, nonce and a code challenge, and comes back signed in', async () => {
    const visitor = come()
    const first = await visitor.request('/statistics?range=day')
    expect(first.headers.get('Location')).toBe('/sign-in?back=%2Fstatistics%3Frange%3Dday')
    const page = await (await visitor.request(first.headers.get('Location')!)).text()
    expect(page).toContain('href="/sign-in/start?back=%2Fstatistics%3Frange%3Dday"')
    expect(page).not.toContain('type="password"')
    const started = await visitor.request('/sign-in/start?back=%2Fstatistics')
    const address = new URL(started.headers.get('Location')!)
    expect(address.origin).toBe(provider.issuer)
    expect(Object.fromEntries(address.searchParams)).toEqual({
      client_id: 'dashboard',
      redirect_uri: `${publicUrl}/sign-in/callback`,
      response_type: 'code',
      scope: 'openid profile offline_access',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    const signedIn = await visitor.signIn('ana', '/statistics?range=day')
    expect([signedIn.status, signedIn.headers.get('Location')]).toEqual([303, '/statistics?range=day'])
    expect(await (await visitor.request('/')).text()).toContain('Ana Silva')
    expect(dashboard.log.at(-1)).toEqual({
      level: 'info',
      event: 'signed in: operator',
      by: 'Ana Silva (oid-of-ana)',
      address: '127.0.0.1',
    })
    expectNoSecret()
  })

  test('gets cookies that no script, no other site and no other host of the domain can use', async () => {
    const visitor = come()
    const started = await visitor.request('/sign-in/start')
    const signedIn = await visitor.signIn('ana')
    const attributes = 'Path=/; HttpOnly; Secure; SameSite=Lax'
    expect(started.headers.get('Set-Cookie')).toMatch(
      new RegExp(`^__Host-sign-in=[\\w-]{43}; Max-Age=600; ${attributes}$`),
    )
    const [dropped, session] = signedIn.headers.getSetCookie()
    expect(dropped).toMatch(/^__Host-sign-in=; Max-Age=0/)
    expect(session).toMatch(new RegExp(`^__Host-session=[\\w-]{43}; Max-Age=43200; ${attributes}$`))
  })

  test('and signs in again has a new session, and the old one has ended', async () => {
    const visitor = come()
    await visitor.signIn('ana')
    const old = visitor.cookies.get('__Host-session')!
    await visitor.signIn('ana')
    expect(visitor.cookies.get('__Host-session')).not.toBe(old)
    visitor.cookies.set('__Host-session', old)
    expect((await visitor.request('/')).status).toBe(303)
  })

  test.each([
    ['https://elsewhere.example/', '/'],
    ['//elsewhere.example', '/'],
    ['/\\elsewhere.example', '/'],
    ['/sign-in/..//elsewhere.example', '/'],
    ['/search?serialNumber=A', '/search?serialNumber=A'],
  ])('is led back only within this site: %j leads to %j', async (back, location) => {
    expect((await come().signIn('ana', back)).headers.get('Location')).toBe(location)
  })
})

describe('an operator', () => {
  test('submits, cancels and retries under their own name, with the submission and in the log', async () => {
    const visitor = come()
    await visitor.signIn('ana')
    const by = 'Ana Silva (oid-of-ana)'
    const { tracker } = dashboard
    await tracker.pause({ by: 'nobody else sends it' })
    onTestFinished(async () => void (await tracker.unpause()))
    const body = uploadForm(csv('OP-1,Contoso,Laptop 3'))
    const checked = await visitor.request('/uploads/check', { method: 'POST', body })
    const submitted = await visitor.request(checked.headers.get('Location')!, { method: 'POST' })
    const path = submitted.headers.get('Location')!
    const submissionId = path.split('/').at(-1)!
    expect(await tracker.getSubmission(submissionId)).toMatchObject({ submittedBy: by })
    const page = await (await visitor.request(path)).text()
    expect(page).toMatch(/Submitted by<\/dt>\s*<dd>Ana Silva \(oid-of-ana\)/)
    expect(page).toContain('Cancel what has not been sent')

    expect((await visitor.request(`${path}/cancel`, { method: 'POST' })).headers.get('Location')).toBe(path)
    expect(await tracker.getSubmission(submissionId)).toMatchObject({ state: 'cancelled', cancelledBy: by })
    const after = await (await visitor.request(path)).text()
    expect(after).toMatch(/Cancelled by<\/dt>\s*<dd>Ana Silva/)
    expect(after).not.toContain('Cancel what has not been sent')
    expect(dashboard.log.slice(-2)).toEqual(
      ['submitted', 'cancelled'].map((event) => ({
        level: 'info',
        event,
        by,
        submissionId,
        address: '127.0.0.1',
      })),
    )
    const again = await visitor.request(`${path}/cancel`, { method: 'POST' })
    expect([again.status, await again.text()]).toEqual([400, expect.stringContaining('cancelled already')])
  })
})

describe('a pause', () => {
  test('by an operator says who made it, and everybody sees it until an operator continues', async () => {
    const [operator, reader] = [come(), come()]
    await operator.signIn('ana')
    await reader.signIn('cem')
    const { tracker } = dashboard
    onTestFinished(async () => void (await Promise.all([tracker.unpause(), tracker.unpause({ customerId })])))
    const send = (path: string, fields: Record<string, string>, visitor = operator): Promise<Response> =>
      visitor.request(path, { method: 'POST', body: new URLSearchParams(fields) })
    await tracker.submit({ customerId, batchId: 'To be paused', devices: devices('PA-1') })

    expect((await send('/pause', {})).headers.get('Location')).toBe('/')
    expect((await tracker.getPauses()).everythingBy).toBe('Ana Silva (oid-of-ana)')
    const seen = await (await reader.request('/')).text()
    expect(seen).toMatch(/Everything is paused.*Paused by Ana Silva \(oid-of-ana\)/s)
    expect(seen).not.toContain('action="/continue"')
    for (const path of ['/pause', '/continue']) expect((await send(path, {}, reader)).status).toBe(403)
    await send('/continue', { customerId: '' })
    expect(await (await operator.request('/')).text()).toContain('Pause everything')

    const filtered = `/?customerId=${customerId}`
    expect((await send('/pause', { customerId })).headers.get('Location')).toBe(filtered)
    const page = await (await operator.request(filtered)).text()
    expect(page).toMatch(/This customer is paused.*Paused by Ana Silva/s)
    expect(page).not.toContain('Pause this customer')
    await send('/continue', { customerId })
    expect(await tracker.getPauses()).toEqual({ customers: [] })
    expect(dashboard.log.slice(-4).map(({ event, by }) => [event, by?.slice(0, 3)])).toEqual([
      ['refused: a reader changes nothing', undefined],
      ['continued everything', 'Ana'],
      [`paused customer ${customerId}`, 'Ana'],
      [`continued customer ${customerId}`, 'Ana'],
    ])
    expect((await send('/pause', { customerId: 'nobody' })).status).toBe(400)
  })
})

describe('a reader', () => {
  test('gets no link to the rows that were not sent, which only operators may read', async () => {
    const [operator, reader] = [come(), come()]
    await operator.signIn('ana')
    await reader.signIn('cem')
    const body = uploadForm(csv('NS-1,Contoso,Laptop 3', 'NS-2,Contoso,'))
    const checked = await operator.request('/uploads/check', { method: 'POST', body })
    const submitted = await operator.request(checked.headers.get('Location')!, { method: 'POST' })
    const path = submitted.headers.get('Location')!
    const link = /href="(\/uploads\/check\/[^"]+)"/
    const [, href] = link.exec(await (await operator.request(path)).text())!
    expect((await operator.request(href!)).status).toBe(200)
    expect((await reader.request(href!)).status).toBe(403)
    const seen = await (await reader.request(path)).text()
    expect(seen).toContain('Front desk')
    expect(seen).not.toMatch(link)
  })

  test('sees everything, and every form is refused with what to do', async () => {
    const visitor = come()
    await visitor.signIn('cem')
    const { submissionId } = await dashboard.tracker.submit({
      customerId,
      batchId: 'Seen by readers',
      devices: devices('RE-1'),
    })
    for (const path of ['/', '/statistics', '/search?serialNumber=A', `/submissions/${submissionId}`]) {
      const response = await visitor.request(path)
      expect(response.status, path).toBe(200)
      const text = await response.text()
      expect(text, path).toContain('cem@example.com (read-only)')
      const forms = [...text.matchAll(/method="post" action="([^"]*)"/g)].map(([, action]) => action)
      expect(new Set(forms), path).toEqual(new Set(['/preferences', '/sign-out']))
      expect(text, path).not.toContain('href="/uploads/new"')
    }
    const forms = [
      '/uploads/check',
      `/uploads/check/${submissionId}`,
      `/submissions/${submissionId}/resume`,
      `/submissions/${submissionId}/retry`,
      `/submissions/${submissionId}/cancel`,
      `/customers/${customerId}/uploads/${submissionId}/track`,
      '/pause',
      '/what-is-added-later',
    ]
    for (const path of forms) {
      const response = await visitor.request(path, { method: 'POST', body: new FormData() })
      expect(response.status, path).toBe(403)
      expect(await response.text(), path).toContain('app role “operator”')
    }
    expect((await visitor.request('/uploads/new')).status).toBe(403)
    expect((await dashboard.tracker.getSubmission(submissionId))!.state).not.toBe('cancelled')
    expect(dashboard.log.at(-1)).toMatchObject({ event: 'refused: a reader changes nothing' })
    const chosen = await visitor.request('/preferences', {
      method: 'POST',
      body: new URLSearchParams({ language: 'cs', back: '/' }),
    })
    expect(chosen.status).toBe(303)
  })
})

describe('is not signed in, and told what to do:', () => {
  test('whoever has no role', async () => {
    for (const roles of [undefined, [], ['Operator'], 'operator', [['reader']]]) {
      provider.accounts.set('dai', { name: 'Dai Evans', roles })
      const visitor = come()
      await expectRefused(visitor, await visitor.signIn('dai'), {
        status: 403,
        heading: 'You have no role in this dashboard',
        logged: {
          event: 'sign-in refused: noRole',
          message: 'Dai Evans (dai) has no role in the claim "roles".',
        },
      })
    }
  })

  test('whoever cancels', async () => {
    const visitor = come()
    const callback = await visitor.authorize('ana', { isCancelled: true })
    expect(callback).toContain('error=access_denied')
    await expectRefused(visitor, await visitor.request(callback), {
      status: 403,
      heading: 'Not signed in',
      logged: { event: 'sign-in refused: denied', message: 'access_denied: End-User aborted interaction' },
    })
  })

  test('whoever Microsoft Entra refuses, whose description of the error has several lines', async () => {
    const visitor = come()
    const callback = await visitor.authorize('ana', { isCancelled: true })
    const description = 'AADSTS65004: User declined to consent.\r\nTrace ID: 0e1f'
    const refused = callback.replace(
      /(?<=error_description=)[^&]*/,
      encodeURIComponent(description).replaceAll('%20', '+'),
    )
    await expectRefused(visitor, await visitor.request(refused), {
      status: 403,
      heading: 'Not signed in',
      logged: { event: 'sign-in refused: denied', message: `access_denied: ${description}` },
    })
  })

  test.each([
    ['audience', 'aud', 'another-app'],
    ['nonce', 'nonce', 'another-nonce'],
    ['issuer', 'iss', 'https://elsewhere.example'],
  ])('whose ID token has another %s', async (_name, claim, value) => {
    provider.tamper = (claims) => ({ ...claims, [claim]: value })
    const visitor = come()
    await expectRefused(visitor, await visitor.signIn('ana'), {
      status: 502,
      heading: 'The response of the sign-in service is invalid',
      logged: { event: 'sign-in refused: invalid', message: expect.stringContaining(`"${claim}"`) as string },
    })
  })

  test('whose ID token is signed with a key that the provider does not have', async () => {
    const { key } = provider
    onTestFinished(() => void (provider.key = key))
    provider.tamper = (claims) => ({ ...claims, roles: ['operator'] })
    provider.key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const visitor = come()
    await expectRefused(visitor, await visitor.signIn('cem'), {
      status: 502,
      heading: 'The response of the sign-in service is invalid',
      logged: { event: 'sign-in refused: invalid', message: 'JWT signature verification failed' },
    })
  })

  test('whose ID token has expired by more than a minute, which only a wrong clock explains', async () => {
    const expiredFor = (seconds: number) => (claims: Record<string, unknown>) => ({
      ...claims,
      exp: Math.floor(Date.now() / 1_000) - seconds,
    })
    provider.tamper = expiredFor(50)
    expect((await come().signIn('ana')).status).toBe(303)
    provider.tamper = expiredFor(70)
    const visitor = come()
    await expectRefused(visitor, await visitor.signIn('ana'), {
      status: 502,
      heading: 'The clocks differ',
      logged: { event: 'sign-in refused: clock' },
    })
  })

  test('whoever takes longer than ten minutes', async () => {
    const visitor = come()
    const callback = await visitor.authorize('ana')
    pass(11 * minute)
    await expectRefused(visitor, await visitor.request(callback), {
      status: 400,
      heading: 'The sign-in has expired',
      logged: { event: 'sign-in refused: expired' },
    })
  })

  test('whoever opens the callback in another browser, or again', async () => {
    const [owner, other] = [come(), come()]
    const callback = await owner.authorize('ana')
    await expectRefused(other, await other.request(callback), {
      status: 400,
      heading: 'This sign-in does not belong to this browser',
      logged: { event: 'sign-in refused: otherBrowser' },
    })
    const copy = owner.cookies.get('__Host-sign-in')!
    expect((await owner.request(callback)).status).toBe(303)
    expect((await owner.request(callback)).status).toBe(400)
    other.cookies.set('__Host-sign-in', copy)
    const before = provider.tokenRequests
    await expectRefused(other, await other.request(callback), {
      status: 400,
      heading: 'The sign-in has expired',
      logged: { event: 'sign-in refused: expired' },
    })
    expect(provider.tokenRequests).toBe(before)
  })

  test("whoever is made to open somebody else's callback", async () => {
    const [attacker, victim] = [come(), come()]
    const callback = await attacker.authorize('cem')
    await victim.request('/sign-in/start')
    await expectRefused(victim, await victim.request(callback), {
      status: 400,
      heading: 'This is a different sign-in',
      logged: { event: 'sign-in refused: otherSignIn' },
    })
  })

  test('the first of two sign-ins in one browser, and the second one completes', async () => {
    const visitor = come()
    const first = await visitor.authorize('ana')
    const second = await visitor.authorize('ana', { back: '/statistics' })
    await expectRefused(visitor, await visitor.request(first), {
      status: 400,
      heading: 'This is a different sign-in',
      logged: { event: 'sign-in refused: otherSignIn' },
    })
    const completed = await visitor.request(second)
    expect([completed.status, completed.headers.get('Location')]).toEqual([303, '/statistics'])
  })

  test('whoever has a code that the provider did not issue', async () => {
    const visitor = come()
    const callback = await visitor.authorize('ana')
    const forged = callback.replace(/code=[^&]*/, 'code=made-up')
    await expectRefused(visitor, await visitor.request(forged), {
      status: 400,
      heading: 'The sign-in has expired',
      logged: { event: 'sign-in refused: expired', message: 'invalid_grant: grant request is invalid' },
    })
  })

  test('everybody, when the client secret is wrong', async () => {
    const openId = { ...provider.settings(publicUrl), clientSecret: 'expired' }
    dashboard = await startAnother(shared, { openId, publicUrl })
    const visitor = come()
    await expectRefused(visitor, await visitor.signIn('ana'), {
      status: 502,
      heading: 'The sign-in service rejected this dashboard',
      logged: {
        event: 'sign-in refused: misconfigured',
        message: 'invalid_client: client authentication failed',
      },
    })
  })

  test('everybody, while the provider is down, and they get in once it is back', async () => {
    await provider.stop()
    const visitor = come()
    try {
      await expectRefused(visitor, await visitor.request('/sign-in/start'), {
        status: 503,
        heading: 'The sign-in service cannot be reached',
        logged: { event: 'sign-in refused: unreachable' },
      })
    } finally {
      await provider.start()
    }
    expect((await visitor.signIn('ana')).status).toBe(303)
  })

  test('everybody in their own language', async () => {
    const visitor = come()
    const response = await visitor.request('/sign-in/callback?code=1&state=2', {
      headers: { 'Accept-Language': 'tr' },
    })
    expect(await headingOf(response)).toBe('Bu oturum açma bu tarayıcıya ait değil')
  })
})

describe('a role', () => {
  test('that is taken away ends the session within ten minutes, also for what is sent by then', async () => {
    const visitor = come()
    await visitor.signIn('ana')
    provider.accounts.set('ana', { name: 'Ana Silva' })
    pass(9 * minute)
    expect((await visitor.request('/')).status).toBe(200)
    pass(minute + 1)
    const refused = await visitor.request('/uploads/check', { method: 'POST', body: new FormData() })
    expect(refused.status).toBe(401)
    expect((await visitor.request('/')).headers.get('Location')).toBe('/sign-in?back=%2F')
    expect(dashboard.log.find(({ event }) => event.startsWith('session ended'))).toMatchObject({
      level: 'warn',
      by: 'Ana Silva (oid-of-ana)',
      message: 'The role was taken away.',
    })
    expect((await visitor.signIn('ana')).status).toBe(403)
  })

  test('that changes takes effect within ten minutes, without another sign-in', async () => {
    const visitor = come()
    await visitor.signIn('ana')
    provider.accounts.set('ana', { oid: 'oid-of-ana', name: 'Ana Costa', roles: ['reader'] })
    pass(10 * minute + 1)
    const path = '/uploads/check'
    expect((await visitor.request(path, { method: 'POST', body: new FormData() })).status).toBe(403)
    expect(await (await visitor.request('/')).text()).toContain('Ana Costa (read-only)')
    provider.accounts.set('ana', { oid: 'oid-of-ana', name: 'Ana Costa', roles: ['operator'] })
    pass(10 * minute + 1)
    expect((await visitor.request('/uploads/new')).status).toBe(200)
  })

  test('of a person whom the provider no longer knows ends with their account', async () => {
    const visitor = come()
    await visitor.signIn('ana')
    provider.accounts.delete('ana')
    pass(10 * minute + 1)
    expect((await visitor.request('/')).status).toBe(303)
  })

  test('of somebody else, or of nobody, is not taken over', async () => {
    for (const change of [{ sub: 'cem' }, { aud: 'another-app' }]) {
      provider.tamper = undefined
      const visitor = come()
      await visitor.signIn('ana')
      provider.tamper = (claims) => ({ ...claims, ...change })
      pass(10 * minute + 1)
      expect((await visitor.request('/')).status).toBe(303)
    }
  })

  test('is read once for requests at the same time, and a session lasts twelve hours at most', async () => {
    const visitor = come()
    await visitor.signIn('ana')
    for (let hour = 0; hour < 11; hour++) {
      pass(60 * minute)
      const before = provider.tokenRequests
      const responses = await Promise.all(
        ['/', '/statistics', '/search'].map((path) => visitor.request(path)),
      )
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 200])
      expect(provider.tokenRequests - before).toBe(1)
    }
    pass(60 * minute)
    expect((await visitor.request('/')).status).toBe(303)
  })

  test('that cannot be read is not believed, and the session continues once the provider is back', async () => {
    const visitor = come()
    await visitor.signIn('ana')
    pass(10 * minute + 1)
    await provider.stop()
    try {
      const response = await visitor.request('/')
      expect([response.status, await headingOf(response)]).toEqual([
        503,
        'The sign-in service cannot be reached',
      ])
      expect((await visitor.request('/events')).status).toBe(503)
    } finally {
      await provider.start()
    }
    expect((await visitor.request('/')).status).toBe(200)
    expectNoSecret()
  })
})

describe('signing out', () => {
  test('ends every session of the person, in all browsers, and leads to the sign-out of the provider', async () => {
    const [desk, phone, colleague] = [come(), come(), come()]
    await desk.signIn('ana')
    await phone.signIn('ana')
    await colleague.signIn('cem')
    const copy = desk.cookies.get('__Host-session')!
    const response = await desk.request('/sign-out', { method: 'POST' })
    expect([response.status, await headingOf(response)]).toEqual([200, 'Signed out'])
    const [, address] = /^0; url=(.*)$/.exec(response.headers.get('Refresh')!)!
    const { origin, searchParams } = new URL(address!)
    expect(origin).toBe(provider.issuer)
    expect(searchParams.get('post_logout_redirect_uri')).toBe(`${publicUrl}/sign-in`)
    expect(searchParams.get('id_token_hint')).toMatch(/^eyJ/)
    desk.cookies.set('__Host-session', copy)
    expect((await desk.request('/')).status).toBe(303)
    expect((await phone.request('/')).status).toBe(303)
    expect((await colleague.request('/')).status).toBe(200)
    expect(dashboard.log.map(({ event }) => event)).toContain('signed out')
    expectNoSecret()
  })

  test('ends the streams of the open pages', async () => {
    const [desk, phone] = [come(), come()]
    await desk.signIn('ana')
    await phone.signIn('ana')
    const stream = (await phone.request('/events')).body!.getReader()
    expect((await stream.read()).done).toBe(false)
    await desk.request('/sign-out', { method: 'POST' })
    expect((await stream.read()).done).toBe(true)
    expect((await phone.request('/events')).status).toBe(401)
  })

  test('after twelve hours happens by itself, also to a page that stays open', async () => {
    const visitor = come()
    await visitor.signIn('ana')
    const stream = (await visitor.request('/events')).body!.getReader()
    expect((await stream.read()).done).toBe(false)
    pass(12 * 60 * minute + 1)
    // Whatever happens, the page does not learn of it.
    await dashboard.tracker.submit({ customerId, batchId: 'At night', devices: devices('NI-1') })
    expect((await stream.read()).done).toBe(true)
  })

  test('works while the provider is down', async () => {
    const visitor = come()
    await visitor.signIn('ana')
    pass(10 * minute + 1)
    await provider.stop()
    onTestFinished(() => provider.start())
    expect((await visitor.request('/sign-out', { method: 'POST' })).status).toBe(200)
    expect((await visitor.request('/')).status).toBe(303)
  })
})

describe('at the start', () => {
  const lines: LogLine[] = []
  const check = (issuer: string) =>
    checkIssuer({ ...provider.settings(publicUrl), issuer }, (line) => lines.push(line))

  test('a provider that is down is a warning, and one that is another issuer is refused', async () => {
    await check(provider.issuer)
    expect(lines).toEqual([])
    await expect(check(`${provider.issuer}/tenant`)).rejects.toThrow(
      /^DEVICEBATCH_OIDC_ISSUER .*is not the issuer of an OpenID provider: .*HTTP 404.*Copy the "issuer"/,
    )
    await expect(check(provider.issuer.replace('localhost', '127.0.0.1'))).rejects.toThrow(/"issuer"/)
    const answers = (status: number) => listen(() => new Response('{}', { status }), 0)
    const [failing, other] = [await answers(503), await answers(200)]
    onTestFinished(async () => void (await Promise.all([close(failing.server), close(other.server)])))
    await check(`http://127.0.0.1:${failing.port}`)
    await check('http://127.0.0.1:1')
    const event = expect.stringContaining('unreachable') as string
    expect(lines).toEqual([
      { level: 'warn', event, message: expect.stringContaining('HTTP 503') as string },
      { level: 'warn', event, message: expect.stringContaining('fetch failed') as string },
    ])
    await expect(check(`http://127.0.0.1:${other.port}`)).rejects.toThrow(/"issuer"/)
  })
})

test('with the token, nobody knows who it was: the submission and the log say "shared token"', async () => {
  const token = 'a token of more than twenty characters'
  dashboard = await startAnother(shared, { token })
  const visitor = visit(dashboard, dashboard.url)
  await visitor.request('/sign-in', { method: 'POST', body: new URLSearchParams({ token }) })
  await dashboard.tracker.pause()
  onTestFinished(async () => void (await dashboard.tracker.unpause()))
  const body = uploadForm(csv('TO-1,Contoso,Laptop 3'))
  const checked = await visitor.request('/uploads/check', { method: 'POST', body })
  const submitted = await visitor.request(checked.headers.get('Location')!, { method: 'POST' })
  const path = submitted.headers.get('Location')!
  const [submissionId] = path.split('/').slice(-1)
  expect((await dashboard.tracker.getSubmission(submissionId!))!.submittedBy).toBe('shared token')
  expect(await (await visitor.request(path)).text()).toMatch(/<dd>Someone with the shared token/)
  expect(dashboard.log.at(-1)).toMatchObject({ event: 'submitted', by: 'shared token', submissionId })
})
