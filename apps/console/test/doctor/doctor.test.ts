/** `devicebatch doctor` against an emulator on which one thing at a time is wrong. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { stripVTControlCharacters } from 'node:util'

import type { EmulatorOptions } from '@devicebatch/emulator'
import { emulatorCredentials } from '@devicebatch/emulator'
import { expect, onTestFinished, test } from 'vitest'

import { corporateHost, startCorporateNetwork } from '../../../../packages/emulator/test/corporate-network.ts'
import { makeFolder, run, emulatorEnvironment, start, startEmulator, startHere } from '../command.ts'
import type { Run } from '../command.ts'

interface Check {
  name: string
  result: string
  finding: string
  nextStep?: string
}

const everyCheck = [
  ['node', 'settings', 'proxy', 'certificates', 'sign-in host', 'service', 'clock', 'sign-in'],
  ['audience', 'tenant', 'user', 'roles', 'expiry', 'mfa', 'customers'],
].flat()

/** An emulator that is reached as the real service, as a user. */
async function prepare(options: EmulatorOptions = {}) {
  const server = await startEmulator({ timeScale: 1, ...options })
  const user = { DEVICEBATCH_REFRESH_TOKEN: emulatorCredentials.refreshToken }
  // What `appUser` replaces goes to a folder of the test.
  const folder = await makeFolder()
  const env = { ...emulatorEnvironment(server), ...user, XDG_CONFIG_HOME: folder.path }
  return { ...server, folder, env }
}

/** The checks; no secret is in either stream. */
function read({ code, stdout, stderr }: Run): { code: number | null; checks: Check[] } {
  expect(stdout + stderr).not.toMatch(/emulator-(secret|refresh-token|access-token)|eyJ/)
  return { code, checks: (JSON.parse(stdout) as { checks: Check[] }).checks }
}

async function examine(env: Record<string, string>, ...more: string[]) {
  const { code, checks } = read(await run(['doctor', '--json', ...more], { env }))
  return { code, checks, of: (name: string) => checks.filter((check) => check.name === name) }
}

test('a machine with no problems gets ok for each check, and exit code 0', async () => {
  const { env } = await prepare()
  const { code, checks } = await examine(env)
  expect(checks.map(({ name, result }) => [name, result])).toEqual(everyCheck.map((name) => [name, 'ok']))
  expect(code).toBe(0)
})

test('a person reads one line for each check, and a verdict', async () => {
  const { env } = await prepare()
  const { code, stdout, stderr } = await run(['doctor'], { env, columns: 80 })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^.*ok.* {3}node {10}Node \d+\.\d+\.\d+ on \w+ \w+\.$/m)
  expect(stdout).toContain('Everything that an upload needs is in order.')
  // Every variable by its name alone.
  for (const value of Object.values(env)) expect(stdout).not.toContain(value)
})

test('a link is not broken on 80 columns', async () => {
  const { code, stdout } = await run(['doctor'], { columns: 80 })
  expect(code).toBe(1)
  expect(stdout).toMatch(/^https:\/\/github\.com\/devicebatch\/\S+\/getting-credentials\.md$/m)
})

test('with --emulator, no settings are needed', async () => {
  const { url } = await prepare()
  const { code, checks, of } = await examine({}, '--emulator', url)
  expect(code).toBe(0)
  expect(checks.map(({ name }) => name)).toEqual(everyCheck)
  expect(of('settings')).toEqual([{ name: 'settings', result: 'ok', finding: 'Not used with --emulator.' }])
})

test('an address without an emulator is a failure, and the rest is skipped', async () => {
  const { code, checks, of } = await examine({}, '--emulator', 'http://127.0.0.1:9')
  expect(code).toBe(1)
  expect(of('service')).toMatchObject(
    [{ result: 'failure', finding: /^No emulator responds at/ }].map(withPattern),
  )
  expect(new Set(checks.map(({ result }) => result))).toEqual(new Set(['ok', 'failure', 'skipped']))
  expect(checks.map(({ name }) => name).toSorted()).toEqual(everyCheck.toSorted())
})

test('without settings, one line has everything that was not checked, and fits the terminal', async () => {
  const { code, stdout } = await run(['doctor'], { columns: 80 })
  expect(code).toBe(1)
  const lines = stripVTControlCharacters(stdout).split('\n')
  expect(lines.filter((line) => line.startsWith('skipped'))).toHaveLength(1)
  const text = lines.join(' ').replaceAll(/ +/g, ' ')
  expect(text).toContain(
    'Because of the failure above, not checked: sign-in host, service, clock, sign-in, audience, tenant, user, mfa, roles, expiry, customers.',
  )
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
})

/** Turns patterns into matchers. */
function withPattern(expected: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(expected).map(([name, value]) => [
      name,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]),
  )
}

interface Case {
  title: string
  options?: EmulatorOptions
  /** How far the emulator's clock is ahead. */
  aheadMs?: number
  /** What the environment has besides; an empty text takes a variable away. */
  env?: Record<string, string>
  /** The error of the token endpoint. */
  entra?: { status: number; error: string; error_description: string }
  name: string
  expected: Record<string, unknown>
  code?: number
}

const cases: Case[] = [
  {
    title: 'an expired secret',
    entra: {
      status: 401,
      error: 'invalid_client',
      error_description: "AADSTS7000222: The provided client secret keys for app '2' are expired.",
    },
    name: 'sign-in',
    expected: {
      result: 'failure',
      finding: /^The client secret expired\. \(AADSTS7000222\)/,
      nextStep: 'Create a new client secret in the app registration.',
    },
  },
  {
    title: 'a wrong secret',
    env: { DEVICEBATCH_CLIENT_SECRET: 'SECRET-OF-ANOTHER' },
    name: 'sign-in',
    expected: { result: 'failure', finding: /^The client secret is wrong\. \(AADSTS7000215\)/ },
  },
  {
    title: 'a tenant that Microsoft Entra does not know',
    env: { DEVICEBATCH_TENANT_ID: 'nobody.example.com' },
    name: 'sign-in host',
    expected: {
      result: 'failure',
      finding: /^This cloud does not know the tenant/,
      nextStep: /DEVICEBATCH_TENANT_ID/,
    },
  },
  {
    title: 'app-only, where a user is needed',
    env: { DEVICEBATCH_REFRESH_TOKEN: '' },
    name: 'user',
    expected: { result: 'warning', finding: /app-only/, nextStep: 'Run "devicebatch login".' },
    code: 0,
  },
  {
    title: 'a refresh token from a sign-in without MFA',
    options: { refreshTokenHasMfa: false },
    name: 'sign-in',
    expected: {
      result: 'failure',
      finding: /multifactor.*AADSTS50076/,
      nextStep: /Sign in interactively with MFA/,
    },
  },
  {
    title: 'a token without the MFA claim',
    options: { quirks: { isMfaCompliant: false } },
    name: 'mfa',
    expected: { result: 'failure', finding: /without multifactor/, nextStep: /devicebatch login/ },
  },
  {
    title: 'a call that is refused for want of MFA',
    options: { quirks: { mfaRefusals: 1 } },
    name: 'customers',
    expected: {
      result: 'failure',
      finding: /multifactor.*HTTP status 401, code 900421, request [\da-f-]{36}/,
    },
  },
  {
    title: 'a clock that is ten minutes behind',
    aheadMs: 600_000,
    name: 'clock',
    expected: {
      result: 'warning',
      finding: /^This machine's clock is (10|9) min.* behind the service's/,
    },
    code: 0,
  },
  {
    title: 'a clock that is ten minutes ahead',
    aheadMs: -600_000,
    name: 'clock',
    expected: {
      result: 'warning',
      finding: /^This machine's clock is (10|9) min.* ahead of the service's/,
    },
    code: 0,
  },
  {
    title: 'a variable that is missing',
    env: { DEVICEBATCH_CLIENT_SECRET: '' },
    name: 'settings',
    expected: {
      result: 'failure',
      finding: 'Not set: DEVICEBATCH_CLIENT_SECRET.',
      nextStep: /^Set it in the environment, or in a file that --env-file names\./,
    },
  },
  {
    title: 'a client ID that is none',
    env: { DEVICEBATCH_CLIENT_ID: 'my app' },
    name: 'settings',
    expected: { result: 'failure', finding: /^DEVICEBATCH_CLIENT_ID must be .* a GUID\.$/ },
  },
  {
    title: 'a secret in the place of an address, which is not shown',
    env: { DEVICEBATCH_BASE_URL: 'emulator-secret' },
    name: 'settings',
    expected: { result: 'failure', finding: 'DEVICEBATCH_BASE_URL must be an https URL that ends in /v1.' },
  },
  {
    title: 'two sign-in hosts',
    env: { DEVICEBATCH_CLOUD: 'china' },
    name: 'settings',
    expected: { result: 'failure', finding: /^DEVICEBATCH_CLOUD and DEVICEBATCH_AUTHORITY_HOST both/ },
  },
  {
    title: 'a proxy that is none',
    env: { HTTPS_PROXY: 'emulator-secret' },
    name: 'proxy',
    expected: { result: 'failure', finding: /^HTTPS_PROXY is not the URL of a proxy/ },
  },
  {
    title: 'certificates that are not verified',
    env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    name: 'certificates',
    expected: { result: 'warning', finding: /not verified/ },
    code: 0,
  },
]

test.for(cases)('$title: $name', async ({ options, aheadMs = 0, env, entra, name, expected, code = 1 }) => {
  const startTime = new Date(Date.now() + aheadMs).toISOString()
  const server = await prepare({ startTime, ...options })
  if (entra) {
    const { status, ...body } = entra
    const effect = { kind: 'answer', status, body } as const
    server.emulator.faults.add({ operation: 'getToken', times: 'always', effect })
  }
  const result = await examine({ ...server.env, ...env })
  const found = result.of(name)
  expect(found).toMatchObject([{ name, ...withPattern(expected) }])
  // Every problem says what to do.
  expect(found[0]?.nextStep).toMatch(/^[A-Z].{8}/)
  expect(result.code).toBe(code)
})

test('a variable that is misspelled is a warning beside those that are set', async () => {
  const { env } = await prepare()
  const { code, of } = await examine({ ...env, DEVICEBATCH_TENNANT: 'x' })
  expect(of('settings').map(({ result }) => result)).toEqual(['ok', 'warning'])
  expect(of('settings')[1]?.finding).toBe('The command does not read DEVICEBATCH_TENNANT.')
  expect(code).toBe(0)
})

test('interrupted work is reported in one line', async () => {
  const { env, emulator } = await prepare({ timeScale: 0 })
  emulator.faults.add({ operation: 'listCustomers', effect: { kind: 'delay', delayMs: 1_000 } })
  const doctor = startHere(['doctor'], { env })
  await expect.poll(() => doctor.shown()).toContain('expiry')
  doctor.interrupt()
  expect(await doctor.run).toMatchObject({ code: 130, stderr: 'devicebatch: interrupted\n' })
})

/** A proxy that responds to every CONNECT with this status. */
async function startProxy(status: number): Promise<string> {
  const proxy = createServer()
  proxy.on('connect', (_, socket) => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`))
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => void proxy.close())
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}

/** The same in a process of its own: a proxy is one of the whole process. */
async function examineAlone(env: Record<string, string>) {
  const { code, checks } = read(await start(['doctor', '--json'], { env }).run)
  return { code, failures: checks.filter(({ result }) => result === 'failure') }
}

test.for([
  [
    403,
    /^The proxy in HTTPS_PROXY refuses the connection to .* \(HTTP status 403\)\.$/,
    /administrator allow/,
  ],
  [407, /^The proxy in HTTPS_PROXY requires a user name and password/, /^Put them into HTTPS_PROXY/],
] as const)('a proxy that responds with %i', async ([status, finding, nextStep]) => {
  const { env } = await prepare()
  const outside = `https://${corporateHost}`
  const { code, failures } = await examineAlone({
    ...env,
    DEVICEBATCH_BASE_URL: `${outside}/v1`,
    DEVICEBATCH_AUTHORITY_HOST: outside,
    HTTPS_PROXY: await startProxy(status),
  })
  expect(code).toBe(1)
  expect(failures.map(({ name }) => name)).toEqual(['sign-in host', 'service'])
  for (const failure of failures) expect(failure).toMatchObject(withPattern({ finding, nextStep }))
})

test('a certificate of an authority that the system does not know, until it is added', async () => {
  const { url, env, folder } = await prepare({ allowedHosts: [corporateHost] })
  const { origin, proxyUrl, authority } = await startCorporateNetwork(url, folder.path)
  const inside = {
    ...env,
    DEVICEBATCH_BASE_URL: `${origin}/v1`,
    DEVICEBATCH_AUTHORITY_HOST: origin,
    HTTPS_PROXY: proxyUrl,
  }
  const { code, failures } = await examineAlone(inside)
  expect(code).toBe(1)
  expect(failures.map(({ name }) => name)).toEqual(['sign-in host', 'service'])
  for (const { finding, nextStep } of failures) {
    expect(finding).toMatch(/not trusted \(SELF_SIGNED_CERT_IN_CHAIN\)/)
    expect(nextStep).toContain('NODE_EXTRA_CA_CERTS')
  }
  expect(await examineAlone({ ...inside, NODE_EXTRA_CA_CERTS: authority })).toEqual({ code: 0, failures: [] })
})

test('https to a port of this machine that speaks http, and to one with a certificate of its own', async () => {
  const { env, baseUrl, folder } = await prepare()
  const plain = baseUrl.replace('http:', 'https:')
  const spoken = await examine({ ...env, DEVICEBATCH_BASE_URL: plain })
  expect(spoken.of('service')).toMatchObject([
    { result: 'failure', finding: expect.stringMatching(/does not respond with TLS \(ERR_SSL_/) },
  ])
  const options = 'req -x509 -newkey rsa:2048 -nodes -keyout own.key -out own.pem -subj /CN=localhost'
  execFileSync('openssl', options.split(' '), { cwd: folder.path, stdio: 'ignore' })
  const [key, cert] = ['own.key', 'own.pem'].map((name) => readFileSync(join(folder.path, name)))
  const server = createTlsServer({ key, cert })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const own = `https://localhost:${(server.address() as AddressInfo).port}/v1`
  const signed = await examine({ ...env, DEVICEBATCH_BASE_URL: own })
  expect(signed.of('service')).toMatchObject([
    { result: 'failure', finding: expect.stringMatching(/not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/) },
  ])
  expect(signed.code).toBe(1)
})
