/** Sign-in at the emulator's Microsoft Entra endpoints, with a browser and the command. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { readdir, readFile, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { request } from 'node:http'
import { join } from 'node:path'

import type { EmulatorOptions } from '@devicebatch/emulator'
import { expect, onTestFinished, test } from 'vitest'

import { configFolder } from '../../src/service/config-folder.ts'
import { customer, makeFolder, run, emulatorEnvironment, startEmulator, startHere } from '../command.ts'

const address = /^ {2}(http\S+authorize\S+)$/m

/** An emulator, a user's settings folder, and a sign-in that waits for its browser. */
async function prepare(options?: EmulatorOptions) {
  const server = await startEmulator(options)
  const { path } = await makeFolder()
  const env = { ...emulatorEnvironment(server), XDG_CONFIG_HOME: path }
  const file = join(path, 'devicebatch', 'refresh-token-22222222-2222-4222-8222-222222222222')
  return {
    ...server,
    env,
    file,
    token: async () => (await readFile(file, 'utf8')).trim(),
    /** Starts a sign-in, and returns the URL for the browser. */
    begin: async () => {
      const command = startHere(['login', '--no-browser'], { env })
      await expect.poll(command.shown).toMatch(address)
      return { command, url: new URL(address.exec(command.shown())![1]!) }
    },
  }
}

test('a user signs in with PKCE on a loopback address, and only the owner can read the refresh token', async () => {
  const { begin, file, token } = await prepare()
  const { command, url } = await begin()
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: expect.stringMatching(/^http:\/\/localhost:\d+$/),
    scope: 'https://api.partnercenter.microsoft.com/.default offline_access',
  })
  const page = await fetch(url)
  expect(await page.text()).toContain('You are signed in. You can close this window.')
  const { code, stdout, stderr } = await command.run
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(
    `Signed in. The refresh token is saved so that only you can read it, in\n  ${file}\n`,
  )
  expect(stdout).not.toContain(await token())
  if (process.platform === 'win32') return
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o700)
})

test('the other commands sign in with it, replace it when it is replaced, and logout forgets it', async () => {
  const { begin, env, file, token, calls } = await prepare({
    quirks: { refreshTokenRotation: 'replace', appOnlyMayCreate: false },
  })
  const { command, url } = await begin()
  await fetch(url)
  await command.run
  const first = await token()
  const batches = await run(['batches', '--customer', customer], { env })
  expect(batches.code).toBe(0)
  const second = await token()
  expect(second).not.toBe(first)
  expect((await run(['batches', '--customer', customer], { env })).code).toBe(0)
  const grants = calls()
    .filter(({ operation }) => operation === 'getToken')
    .map(({ body }) => new URLSearchParams(body))
  expect(grants.map((form) => form.get('grant_type'))).toEqual([
    'authorization_code',
    'refresh_token',
    'refresh_token',
  ])
  expect(grants.slice(1).map((form) => form.get('refresh_token'))).toEqual([first, second])
  expect(await readdir(join(file, '..'))).toHaveLength(1)
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)

  const out = await run(['logout'], { env })
  expect(out.stdout).toBe(
    `Signed out: deleted ${file}\nA copy of the token would still work until the user's sessions are revoked in Microsoft Entra.\n`,
  )
  expect(await readdir(join(file, '..'))).toEqual([])
  expect((await run(['logout'], { env })).stdout).toMatch(/^Nobody was signed in/)
})

test.each([
  ['the client ID', { DEVICEBATCH_CLIENT_ID: '22222222-2222-4222-8222-222222222222' }],
  ['the name of the file', { DEVICEBATCH_REFRESH_TOKEN_FILE: 'token' }],
])('logout needs only %s', async (_, settings) => {
  const { path } = await makeFolder()
  const { code, stdout } = await run(['logout'], { env: { XDG_CONFIG_HOME: path, ...settings }, cwd: path })
  expect(stdout).toMatch(/^Nobody was signed in: \S*token\S* does not exist\n$/)
  expect(code).toBe(0)
})

test('logout without both says which of them to set', async () => {
  const { code, stderr } = await run(['logout'])
  expect(code).toBe(1)
  expect(stderr).toBe(
    'devicebatch: Neither DEVICEBATCH_CLIENT_ID nor DEVICEBATCH_REFRESH_TOKEN_FILE is set, so the file of the refresh token is unknown. Set one of them.\n',
  )
})

test('a sign-in that the user cancels is reported, and nothing is kept', async () => {
  const { begin, emulator, file } = await prepare()
  emulator.faults.add({ operation: 'authorize', effect: { kind: 'deny' } })
  const cancelled = await begin()
  const page = await fetch(cancelled.url)
  expect(page.status).toBe(400)
  expect(await page.text()).toContain('You are not signed in. See the terminal for the reason.')
  expect(await cancelled.command.run).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^devicebatch: The sign-in failed: .*User declined to consent/),
  })

  await expect(stat(file)).rejects.toThrow('ENOENT')
})

/** Opens a URL of the command and resolves, once the command has seen that the tab was closed. */
async function openAndClose(url: URL, isRedeeming: () => boolean): Promise<void> {
  const seen = new Promise<ServerResponse>((resolve) => {
    const onRequest = (message: unknown): void => {
      const { request: received, response } = message as {
        request: IncomingMessage
        response: ServerResponse
      }
      if (received.headers.host === url.host) resolve(response)
    }
    subscribe('http.server.request.start', onRequest)
    onTestFinished(() => void unsubscribe('http.server.request.start', onRequest))
  })
  const tab = request({
    host: '127.0.0.1',
    port: url.port,
    path: url.pathname + url.search,
    headers: { host: url.host },
  })
  tab.on('error', () => {})
  tab.end()
  const closed = once(await seen, 'close')
  await expect.poll(isRedeeming).toBe(true)
  tab.destroy()
  await closed
}

test.for([
  ['succeeds', {}, { code: 0, stderr: '', stdout: expect.stringContaining('Signed in. ') }],
  [
    'is refused',
    { code: 'wrong' },
    { code: 1, stderr: expect.stringMatching(/^devicebatch: The sign-in failed: /) },
  ],
] as const)('a sign-in whose tab is closed before it %s ends all the same', async ([, changes, end]) => {
  const { begin, emulator, calls } = await prepare()
  emulator.faults.add({ operation: 'getToken', effect: { kind: 'delay', delayMs: 60_000 } })
  const { command, url } = await begin()
  const answer = await fetch(url, { redirect: 'manual' })
  const redirect = new URL(answer.headers.get('location')!)
  for (const [name, value] of Object.entries(changes)) redirect.searchParams.set(name, value)
  await openAndClose(redirect, () => calls().some(({ operation }) => operation === 'getToken'))
  emulator.clock.advance(60_000)
  expect(await command.run).toMatchObject(end)
})

test('Ctrl-C while a sign-in starts ends it', async () => {
  const { env } = await prepare()
  const command = startHere(['login', '--no-browser'], { env })
  command.interrupt()
  expect(await command.run).toMatchObject({ code: 130, stderr: 'devicebatch: interrupted\n' })
})

test('a sign-in survives whatever other programs send to its port, on both loopback addresses', async () => {
  const { begin, token } = await prepare()
  const { command, url } = await begin()
  const { port } = new URL(url.searchParams.get('redirect_uri')!)
  const state = url.searchParams.get('state')
  for (const host of ['127.0.0.1', '::1']) {
    for (const path of [
      '//',
      '/',
      '*',
      '/favicon.ico',
      '/?error=x',
      '/?code=stolen&state=other',
      `/other?code=stolen&state=${state}`,
    ]) {
      const sent = request({ host, port, path })
      sent.end()
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      expect([path, response.resume().statusCode]).toEqual([path, 400])
    }
  }
  expect(await (await fetch(url)).text()).toContain('You are signed in.')
  expect(await command.run).toMatchObject({ code: 0, stderr: '' })
  expect(await token()).not.toBe('')
})

test('a browser on another machine signs in by the URL that is pasted', async () => {
  const { begin, token } = await prepare()
  const { command, url } = await begin()
  // The URL that the browser would be redirected to, but cannot reach.
  const answer = await fetch(url, { redirect: 'manual' })
  const redirect = answer.headers.get('location')!
  command.stdin.write('\nhttp://localhost/?code=x&state=other\nnonsense\n')
  command.stdin.write(`  ${redirect}  \n`)
  const { code, stdout, stderr } = await command.run
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.match(/That is not the URL of this sign-in/g)).toHaveLength(2)
  expect(stdout).not.toContain(await token())
})

test.each([
  ['http://login.example.com', '"http://login.example.com"'],
  ['login.example.com', '"login.example.com"'],
  ['https://me:hunter2@login.example.com', '"https://…login.example.com"'],
])(
  'a sign-in at %s, which no other command would use, is rejected before any request',
  async (host, shown) => {
    const { env } = await prepare()
    expect(
      await run(['login', '--no-browser'], { env: { ...env, DEVICEBATCH_AUTHORITY_HOST: host } }),
    ).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`got ${shown}.\n`),
    })
  },
)

test('a code that another program redeems is of no use to it without the verifier', async () => {
  const { begin, url: emulatorUrl } = await prepare()
  const { command, url } = await begin()
  const answer = await fetch(url, { redirect: 'manual' })
  const code = new URL(answer.headers.get('location')!).searchParams.get('code')!
  const stolen = await fetch(`${emulatorUrl}/organizations/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: '22222222-2222-4222-8222-222222222222',
      client_secret: 'emulator-secret',
      code,
      redirect_uri: url.searchParams.get('redirect_uri')!,
    }),
  })
  expect(stolen.status).toBe(400)
  command.interrupt()
  expect((await command.run).code).toBe(130)
})

test("the settings are in each system's usual place", () => {
  expect(configFolder({ XDG_CONFIG_HOME: '/x' }, 'linux', '/home/u')).toBe('/x/devicebatch')
  expect(configFolder({ XDG_CONFIG_HOME: 'relative' }, 'linux', '/home/u')).toBe(
    '/home/u/.config/devicebatch',
  )
  expect(configFolder({}, 'darwin', '/home/u')).toBe('/home/u/.config/devicebatch')
  expect(configFolder({ LOCALAPPDATA: '/l' }, 'win32', '/home/u')).toBe('/l/devicebatch')
})

test.for([
  [700_082, 'invalid_grant'],
  [50_076, 'interaction_required'],
])(
  'when a sign-in has ended (AADSTS%i), the command that starts another one is named',
  async ([number, code]) => {
    const { env, emulator } = await prepare()
    const body = { error: code, error_description: `AADSTS${number}: .`, error_codes: [number] }
    emulator.faults.add({ operation: 'getToken', effect: { kind: 'answer', status: 400, body } })
    const { code: exitCode, stderr } = await run(['batches', '--customer', customer], { env })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/To sign in here, run "devicebatch login"\.\n$/)
  },
)
