import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'

import { documentedUpload, emulatorCredentials } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import {
  customer,
  fixed,
  makeFolder,
  run,
  emulatorEnvironment,
  start,
  startHere,
  startEmulator,
} from '../command.ts'

const { customerId, batchTrackingId } = documentedUpload
const trackingId = '5a0f2c3e-9f0b-4d55-8a67-2f5a3e1d9b10'

test('the documented upload is reported as it is documented: ended, and its device failed', async () => {
  const { url } = await startEmulator({ quirks: fixed.statusValues })
  const { code, stdout, stderr } = await run([
    'status',
    batchTrackingId,
    '--customer',
    customerId,
    '--emulator',
    url,
  ])
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
  expect(stdout).toBe(`Report  EMULATOR: nothing was sent to Microsoft

Customer     Fabrikam (47021739-3426-40bf-9601-61b4b6d7c793)
Tracking ID  0127ed8e-ff72-4983-a3d8-e8d8bd378932
Status       finished (the batch has finished; its devices are counted below)
Started      2017-07-25 10:00:00 UTC
Completed    2017-07-25 10:10:00 UTC, after 10 min

  0  registered
  1  failed

808 ZtdDeviceAssignedToOtherTenant  1 device failed
  Meaning     The device is registered to another organization.
  What to do  Ask that organization, the manufacturer or Microsoft support to deregister it. Microsoft support requires that you have the device. This often happens with refurbished devices and after a motherboard replacement. A record may also remain in Microsoft Store for Business: contact Microsoft support.
    Serial number
    1234567890

Not every device is registered: 1 device failed.
`)
})

test('the times are the same instants in every time zone and language', async () => {
  const { url } = await startEmulator()
  const args = ['status', batchTrackingId, '--customer', customerId, '--emulator', url]
  const zones = [{ TZ: 'UTC' }, { TZ: 'Asia/Taipei', LANG: 'zh_TW.UTF-8', LC_ALL: 'zh_TW.UTF-8' }]
  const [utc, taipei] = await Promise.all(zones.map((env) => start(args, { env }).run))
  expect(taipei).toEqual(utc)
  expect(taipei?.stdout).toContain('2017-07-25 10:00:00 UTC')
})

test.for(['', '/v1', 'https://api.partnercenter.microsoft.com/v1'])(
  'the whole Location is also accepted, with %j before it, and identifies the customer',
  async (prefix) => {
    const { url } = await startEmulator()
    const location = `${prefix}/customers/${customerId}/batchJobStatus/${batchTrackingId}`
    const { code, stdout } = await run(['status', location, '--emulator', url])
    expect(code).toBe(2)
    expect(stdout).toContain(`Customer     Fabrikam (${customerId})`)
  },
)

test('status --json is the report, with explanations for the devices that need attention', async () => {
  const { url } = await startEmulator()
  const { stdout, stderr } = await run([
    'status',
    batchTrackingId,
    '--customer',
    customerId,
    '--emulator',
    url,
    '--json',
  ])
  expect(stderr).toContain('Not every device is registered')
  expect(JSON.parse(stdout)).toMatchObject({
    exitCode: 2,
    emulated: true,
    customerId,
    batchTrackingId,
    report: {
      outcome: 'failed',
      startedAt: '2017-07-25T10:00:00.000Z',
      completedAt: '2017-07-25T10:10:00.000Z',
    },
    needsAttention: [{ outcome: 'failed', serialNumber: '1234567890', errorCode: '808' }],
  })
})

test('status and watch say that a batch lists no devices yet, instead of counting 0 of 0', async () => {
  const { url, emulator } = await startEmulator({ queuedMs: 1_000, quirks: { unfinishedResults: 'absent' } })
  emulator.seed({
    uploads: [
      { customerId: customer, batchTrackingId: trackingId, batchId: 'B', devices: [{ serialNumber: 'A1' }] },
    ],
  })
  const args = [trackingId, '--customer', customer, '--emulator', url]
  const { code, stdout } = await run(['status', ...args])
  expect(code).toBe(3)
  expect(stdout).toMatch(/^Still pending: the service lists no devices yet\.$/m)
  const watched = await run(['watch', ...args, '--timeout', '3'])
  expect(watched.code).toBe(3)
  expect(watched.stdout).toMatch(/UTC {2}queued: no devices listed yet$/im)
})

test('status exits with 3 for a batch in progress, and with 0 if all devices are registered', async () => {
  const { url, emulator } = await startEmulator({
    queuedMs: 1_000,
    processingMs: 1_000,
    quirks: fixed.unfinishedResults,
  })
  emulator.seed({
    uploads: [
      { customerId: customer, batchTrackingId: trackingId, batchId: 'B', devices: [{ serialNumber: 'A1' }] },
    ],
  })
  const status = () => run(['status', trackingId, '--customer', customer, '--emulator', url])
  const queued = await status()
  expect(queued.code).toBe(3)
  expect(queued.stdout).toMatch(/^Started +not yet$/m)
  expect(queued.stdout).toContain('Still pending: 1 of 1 device.')
  emulator.clock.advance(2_000)
  expect((await status()).code).toBe(0)
})

test('status polls once', async () => {
  const { url, calls } = await startEmulator()
  await run(['status', batchTrackingId, '--customer', customerId, '--emulator', url])
  expect(calls().map(({ operation }) => operation)).toEqual([
    'getToken',
    'getCustomer',
    'getBatchUploadStatus',
  ])
})

test('an upload that the service does not know exits with 1', async () => {
  const { url } = await startEmulator()
  const { code, stderr } = await run(['status', trackingId, '--customer', customer, '--emulator', url])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^devicebatch: GET .* returned 404 .*Check the IDs/)
})

test('watch does not say that an upload continues that the service does not know', async () => {
  const { url } = await startEmulator()
  const { code, stdout, stderr } = await run(['watch', trackingId, '--customer', customer, '--emulator', url])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^devicebatch: GET .* returned 404 .*Check the IDs/)
  expect(stdout).not.toContain('To see its result')
})

test('Ctrl-C before the first response only says how to run watch again', async () => {
  const { url, emulator } = await startEmulator()
  emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 503 } })
  const args = ['watch', batchTrackingId, '--customer', customerId, '--emulator', url, '--interval', '60']
  const watching = startHere(args)
  await expect.poll(watching.shown).toContain('HTTP status 503')
  watching.interrupt()
  const { code, stdout } = await watching.run
  expect(code).toBe(130)
  expect(stdout).toMatch(/\nTo see the result of this upload, run:\n {2}\S.* watch .*\n$/)
  expect(stdout).not.toContain('continues')
})

test('a refusal by the page of a proxy says once what to check', async () => {
  const { url, emulator } = await startEmulator()
  emulator.faults.add({
    operation: 'getBatchUploadStatus',
    effect: {
      kind: 'answer',
      status: 403,
      body: '<!doctype html><title>Blocked</title>',
      headers: { 'content-type': 'text/html' },
    },
  })
  const { stderr } = await run(['status', batchTrackingId, '--customer', customerId, '--emulator', url])
  expect(stderr).toMatch(/returned 403\. The body is an HTML page\. Check that no proxy [^.]*\.\n$/)
})

test('watch prints a line for each change, without control characters, and the report at the end', async () => {
  const { url, emulator } = await startEmulator({
    queuedMs: 1_000,
    processingMs: 4_000,
    quirks: { ...fixed.statusValues, ...fixed.unfinishedResults },
  })
  const devices = ['A1', 'EMU808-B2', 'C3', 'D4'].map((serialNumber) => ({ serialNumber }))
  emulator.seed({ uploads: [{ customerId: customer, batchTrackingId: trackingId, batchId: 'B', devices }] })
  const child = start(['watch', trackingId, '--customer', customer, '--emulator', url, '--interval', '0.02'])
  let seen = ''
  child.stdout?.on('data', (chunk) => (seen += String(chunk)))
  for (const [words, ms] of [
    ['queued: 0 of 4 devices done', 3_000],
    ['processing: 2 of 4 devices done (1 registered, 1 failed)', 2_000],
  ] as const) {
    await expect.poll(() => seen).toContain(words)
    emulator.clock.advance(ms)
  }
  const { code, stdout } = await child.run
  expect(code).toBe(2)
  expect(stdout).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}finished: 4 of 4 devices done \(3 registered, 1 failed\)$/m,
  )
  expect(stdout).toContain('Not every device is registered: 1 device failed.')
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F]/)
})

test('watch without a file reports no more than it knows, and writes results only with --results', async () => {
  const { url } = await startEmulator()
  const folder = await makeFolder()
  const args = ['watch', batchTrackingId, '--customer', customerId, '--emulator', url, '--results', 'out.csv']
  const { code } = await run(args, { cwd: folder.path })
  expect(code).toBe(2)
  expect(await folder.read('out.csv')).toContain('1234567890,12345-67890-09876-54321-13579,,,failed,808')
})

test('a failed poll is reported, and the wait continues', async () => {
  const { url, emulator } = await startEmulator()
  emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 503 } })
  const { code, stdout } = await run([
    'watch',
    batchTrackingId,
    '--customer',
    customerId,
    '--emulator',
    url,
    '--interval',
    '0.02',
  ])
  expect(code).toBe(2)
  expect(stdout).toContain('HTTP status 503; polling again in 0 s.')
})

test('the environment signs in as at the real service, and a report from an emulator says so even then', async () => {
  const server = await startEmulator()
  const { code, stdout } = await run(['status', batchTrackingId, '--customer', customerId], {
    env: emulatorEnvironment(server),
  })
  expect(code).toBe(2)
  expect(stdout).toContain('EMULATOR: nothing was sent to Microsoft')
})

test('App+User sign-in keeps the newest refresh token in its file, which its owner alone can read', async () => {
  const server = await startEmulator()
  const { path } = await makeFolder()
  await mkdir(`${path}/secrets`)
  const file = `${path}/secrets/refresh-token`
  const env = { ...emulatorEnvironment(server), DEVICEBATCH_REFRESH_TOKEN_FILE: file }
  const args = ['status', batchTrackingId, '--customer', customerId]

  const first = await run(args, {
    env: { ...env, DEVICEBATCH_REFRESH_TOKEN: emulatorCredentials.refreshToken },
  })
  expect(first.code).toBe(2)
  const kept = await readFile(file, 'utf8')
  expect(kept).toMatch(/^emulator-refresh-token\.\S+\n$/)
  expect((await stat(file)).mode & 0o777).toBe(0o600)

  // Then the file alone is enough, and takes precedence over an outdated first token.
  expect((await run(args, { env: { ...env, DEVICEBATCH_REFRESH_TOKEN: 'stale' } })).code).toBe(2)
  const [, body] = server.calls().flatMap(({ operation, body }) => (operation === 'getToken' ? [body] : []))
  expect(new URLSearchParams(body).get('refresh_token')).toBe(kept.trim())
})

test('a first refresh token alone is enough: the next one is kept where login keeps it', async () => {
  const server = await startEmulator()
  const { path } = await makeFolder()
  const { refreshToken } = emulatorCredentials
  const env = {
    ...emulatorEnvironment(server),
    DEVICEBATCH_REFRESH_TOKEN: refreshToken,
    XDG_CONFIG_HOME: path,
  }
  const { code } = await run(['status', batchTrackingId, '--customer', customerId], { env })
  expect(code).toBe(2)
  const file = `${path}/devicebatch/refresh-token-22222222-2222-4222-8222-222222222222`
  expect(await readFile(file, 'utf8')).toMatch(/^emulator-refresh-token\.\S+\n$/)
})

test('a refresh token file that is empty or cannot be read is named', async () => {
  const server = await startEmulator()
  const { path } = await makeFolder()
  await writeFile(`${path}/empty`, '')
  const status = (file: string) =>
    run(['status', batchTrackingId, '--customer', customerId], {
      env: { ...emulatorEnvironment(server), DEVICEBATCH_REFRESH_TOKEN_FILE: file },
    })
  expect((await status(`${path}/empty`)).stderr).toMatch(
    /empty contains no refresh token yet\. Sign in with "devicebatch login", or set DEVICEBATCH_REFRESH_TOKEN\.\n$/,
  )
  expect((await status(`${path}/empty/token`)).stderr).toMatch(
    /empty\/token cannot be read: a part of its path is not a folder/,
  )
  expect(server.emulator.requests).toEqual([])
})

test('--help shows examples and exit codes, --version the version', async () => {
  const help = await run(['--help'])
  expect(help.code).toBe(0)
  expect(help.stdout).toMatch(/Examples:\n {2}devicebatch demo\n/)
  expect(help.stdout).toMatch(/Exit codes:\n {2}0 /)
  expect((await run(['upload', '--help'])).stdout).toContain('DEVICEBATCH_CLIENT_SECRET')
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})
