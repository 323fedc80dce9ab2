/** An upload outlives its process: killed, interrupted or rejected halfway, the same command continues it. */
import { lstat, mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

import type { SavedBatchUploadGroup } from '@devicebatch/client'
import type { EmulatorOptions } from '@devicebatch/emulator'
import { lockFile } from '@devicebatch/files'
import { expect, test } from 'vitest'

import { wholeSnapshot } from '../../../../packages/emulator/test/whole-snapshot.ts'
import { readDeviceFile, readDevicesAgain } from '../../src/files/device-file.ts'
import type { Run } from '../command.ts'
import { customer, deviceFile, makeFolder, run, start, startEmulator, startHere } from '../command.ts'

const serials = ['A1', 'B2', 'C3', 'D4', 'E5']
const journalName = 'devices.csv.devicebatch.json'

/** Five devices in requests of two, with everything that a test needs to know about the emulator. */
async function prepare(options?: EmulatorOptions) {
  const server = await startEmulator(options)
  const folder = await makeFolder()
  await folder.write('devices.csv', deviceFile(...serials))
  const args = (batch = 'B', id = customer) => [
    'upload',
    'devices.csv',
    `--customer=${id}`,
    `--batch=${batch}`,
    `--emulator=${server.url}`,
    '--chunk-size=2',
    '--interval=0.02',
  ]
  const uploads = () =>
    server
      .calls()
      .filter(({ operation }) => operation === 'createDeviceBatch' || operation === 'addDevicesToBatch')
  return {
    ...server,
    folder,
    uploads,
    upload: (...more: string[]): Promise<Run> => run([...args(), ...more], { cwd: folder.path }),
    uploadTo: (batch: string, id?: string): Promise<Run> => run(args(batch, id), { cwd: folder.path }),
    start: (...more: string[]) => start([...args(), ...more], { cwd: folder.path }),
    readJournal: async (): Promise<{ group: SavedBatchUploadGroup; endedAt?: string }> =>
      JSON.parse(await folder.read(journalName)),
    /** The serial numbers of every upload that the emulator accepted. */
    taken: (): string[][] =>
      emulatedUploads(server).map((devices) => devices.map(({ serialNumber }) => serialNumber)),
    /** The result of each serial number. */
    results: async (): Promise<Record<string, string>> => {
      const names = await readdir(folder.path)
      const text = await folder.read(names.find((name) => name.startsWith('devices-results'))!)
      const rows = text.trimEnd().split('\r\n').slice(1)
      return Object.fromEntries(rows.map((row) => [row.split(',')[1]!, row.split(',').at(-2)!]))
    },
  }
}

function emulatedUploads({
  emulator,
}: Awaited<ReturnType<typeof startEmulator>>): { serialNumber: string }[][] {
  const { customers } = wholeSnapshot(emulator)
  const { uploads = [] } = customers.find(({ customerId }) => customerId === customer) ?? {}
  return uploads.map(({ devices }) => devices as unknown as { serialNumber: string }[])
}

test('the journal has each request before it is sent and each tracking ID before the next one, and no device', async () => {
  const { start: begin, emulator, uploads, readJournal, folder } = await prepare()
  emulator.faults.add({
    operation: 'addDevicesToBatch',
    effect: { kind: 'delay', delayMs: 60_000 },
  })
  const child = begin()
  await expect.poll(uploads).toHaveLength(2)
  const { group } = await readJournal()
  expect(group.chunks.map(({ requestId }) => requestId)).toEqual(
    uploads().map(({ headers }) => headers['ms-requestid']),
  )
  expect(group.chunks.map(({ batchTrackingId }) => batchTrackingId)).toEqual([
    uploads()[0]!.location!.split('/').at(-1),
    undefined,
  ])
  const text = await folder.read(journalName)
  for (const secret of [...serials, 'HP EliteBook', 'emulator-secret', 'Bearer'])
    expect(text).not.toContain(secret)
  child.kill('SIGKILL')
  await child.run
})

test.for([
  [true, [['A1', 'B2'], ['C3', 'D4'], ['E5']]],
  [false, [['A1', 'B2'], ['C3', 'D4'], ['C3', 'D4'], ['E5']]],
] as const)(
  'killed with a request in progress, it is sent again under the same ID, and only its devices are cannot-tell (deduplication %j)',
  async ([deduplicate, expected]) => {
    const {
      start: begin,
      emulator,
      upload,
      uploads,
      taken,
      results,
    } = await prepare({ quirks: { deduplicate } })
    // Accepted, but the response never arrives; the next attempt is a second later.
    emulator.faults.add({ operation: 'addDevicesToBatch', effect: { kind: 'cut', accepted: true } })
    const child = begin()
    await expect.poll(taken, { interval: 5 }).toHaveLength(2)
    child.kill('SIGKILL')
    await child.run

    const { code, stdout } = await upload()
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^Continuing the upload of .* UTC: 2 of 5 devices were accepted, and one request is in doubt, which is sent again under the same ID\.$/m,
    )
    expect(stdout).toMatch(
      /^2 devices may have been accepted twice: the response to their request was lost\./m,
    )
    expect(taken()).toEqual(expected)
    const ids = uploads().map(({ headers }) => headers['ms-requestid'])
    expect(ids[1]).toBe(ids[2])
    expect(await results()).toEqual({
      A1: 'landed',
      B2: 'landed',
      C3: 'cannot-tell',
      D4: 'cannot-tell',
      E5: 'landed',
    })
  },
)

/** Starts an upload and presses Ctrl-C while its first request is in progress, and keeps it in progress; `attempts` counts this one. */
async function interruptWhileSending(
  { start: begin, emulator, uploads }: Awaited<ReturnType<typeof prepare>>,
  attempts = 1,
) {
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'delay', delayMs: 60_000 } })
  const child = begin()
  await expect.poll(uploads).toHaveLength(attempts)
  await interrupt(child)
  return child
}

/** Presses Ctrl-C, and makes sure that the command waits for a response. */
async function interrupt(child: ReturnType<typeof start>): Promise<void> {
  const waits = 'press Ctrl-C again to exit at once'
  let seen = ''
  child.stdout?.on('data', (chunk) => (seen += String(chunk)))
  child.kill('SIGINT')
  await expect.poll(() => child.exitCode !== null || seen.includes(waits)).toBe(true)
  expect(seen).toContain(waits)
}

test('Ctrl-C before the first request with devices says that this run sent nothing, whatever an earlier run sent', async () => {
  const { emulator, upload, start: begin, calls, uploads } = await prepare()
  emulator.faults.add({ operation: 'addDevicesToBatch', effect: { kind: 'answer', status: 403 } })
  expect((await upload()).stdout).toMatch(/^2 of 5 devices were accepted; 3 are left\.$/m)
  const sent = uploads()
  const lookups = () => calls().filter(({ operation }) => operation === 'getCustomer').length
  const earlier = lookups()
  emulator.faults.add({ operation: 'getCustomer', effect: { kind: 'delay', delayMs: 60_000 } })
  const child = begin()
  await expect.poll(lookups).toBeGreaterThan(earlier)
  child.kill('SIGINT')
  const { code, stdout, stderr } = await child.run
  expect({ code, stderr }).toEqual({ code: 130, stderr: 'devicebatch: interrupted\n' })
  expect(stdout).toMatch(/\nThis run sent nothing\.\n$/)
  expect(uploads()).toEqual(sent)
})

test('Ctrl-C during a request waits for its response, so that nothing is left in doubt', async () => {
  const prepared = await prepare()
  const { emulator, upload, readJournal, results } = prepared
  const child = await interruptWhileSending(prepared)
  emulator.clock.advance(60_000)
  const { code, stdout, stderr } = await child.run
  expect({ code, stderr }).toEqual({ code: 130, stderr: 'devicebatch: interrupted\n' })
  expect(stdout).toMatch(
    /^2 of 5 devices were accepted; 3 are left\.\nTo continue, run the same command again:\n {2}node \S+ upload devices\.csv --customer /m,
  )
  expect((await readJournal()).group.chunks).toMatchObject([{ batchTrackingId: expect.any(String) }])

  expect((await upload()).code).toBe(0)
  expect(new Set(Object.values(await results()))).toEqual(new Set(['landed']))
})

test.for([
  ['the service has throttled', { kind: 'answer', status: 429, retryAfter: { afterMs: 1_000 } }],
  ['the service was not available for', { kind: 'answer', status: 503 }],
  ['the service refused because its token had expired', { kind: 'expire-token' }],
] as const)(
  'Ctrl-C during the repetition of a request that %s waits for its response',
  async ([, effect]) => {
    const prepared = await prepare()
    const { emulator, readJournal } = prepared
    emulator.faults.add({ operation: 'createDeviceBatch', effect })
    const child = await interruptWhileSending(prepared, 2)
    emulator.clock.advance(60_000)
    expect((await child.run).code).toBe(130)
    expect((await readJournal()).group.chunks).toMatchObject([{ batchTrackingId: expect.any(String) }])
  },
)

test('Ctrl-C while the token of a refused request is renewed waits for the response to its repetition', async () => {
  const { start: begin, emulator, calls, uploads, readJournal } = await prepare()
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'expire-token' } })
  emulator.faults.add({ operation: 'getToken', skip: 1, effect: { kind: 'delay', delayMs: 60_000 } })
  const child = begin()
  await expect.poll(() => calls().filter(({ operation }) => operation === 'getToken')).toHaveLength(2)
  await interrupt(child)
  emulator.clock.advance(60_000)
  expect((await child.run).code).toBe(130)
  expect(uploads()).toHaveLength(2)
  expect((await readJournal()).group.chunks).toMatchObject([{ batchTrackingId: expect.any(String) }])
})

test('Ctrl-C during the repetition of a request that an earlier run left in doubt waits for its response', async () => {
  const prepared = await prepare()
  const { start: begin, emulator, uploads, readJournal } = prepared
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'delay', delayMs: 60_000 } })
  const killed = begin()
  await expect.poll(uploads).toHaveLength(1)
  killed.kill('SIGKILL')
  await killed.run
  const child = await interruptWhileSending(prepared, 2)
  emulator.clock.advance(60_000)
  expect((await child.run).code).toBe(130)
  expect((await readJournal()).group.chunks).toMatchObject([{ batchTrackingId: expect.any(String) }])
})

test('a second Ctrl-C exits at once, and loses nothing', async () => {
  const prepared = await prepare()
  const { upload, taken } = prepared
  const child = await interruptWhileSending(prepared)
  child.kill('SIGINT')
  expect((await child.run).code).toBe(130)
  expect((await upload()).code).toBe(0)
  expect(taken().flat().toSorted()).toEqual(serials)
})

test('refused halfway, the request that was refused is not in doubt the next time', async () => {
  const { upload, emulator, taken, results, readJournal } = await prepare()
  const effect = { kind: 'answer', status: 403, body: { code: 900150, description: 'No.' } } as const
  emulator.faults.add({ operation: 'addDevicesToBatch', effect })
  const refused = await upload('--json')
  expect(refused.code).toBe(1)
  expect(JSON.parse(refused.stdout)).toMatchObject({
    batchTrackingIds: [expect.any(String)],
    error: { code: 'api', status: 403 },
  })
  expect(refused.stderr).toMatch(/^devicebatch: POST .* returned 403/m)
  expect(refused.stderr).toContain('2 of 5 devices were accepted; 3 are left.\n')
  expect((await readJournal()).group.chunks).toHaveLength(1)

  const { code, stdout } = await upload()
  expect(code).toBe(0)
  expect(stdout).toMatch(/: 2 of 5 devices were accepted\.$/m)
  expect(taken()).toEqual([['A1', 'B2'], ['C3', 'D4'], ['E5']])
  expect(new Set(Object.values(await results()))).toEqual(new Set(['landed']))
})

test('refused before anything was accepted, it leaves no journal behind', async () => {
  const { upload, emulator, folder } = await prepare()
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 400 } })
  const { code, stdout } = await upload()
  expect(code).toBe(1)
  expect(stdout).toContain('This run sent nothing.')
  expect(await readdir(folder.path)).toEqual(['devices.csv'])
})

test('a finished upload is only polled again, and sent again with --restart, which keeps the old journal', async () => {
  const { upload, uploads, folder, readJournal } = await prepare()
  expect((await upload()).code).toBe(0)
  const first = await readJournal()
  expect(first.endedAt).toMatch(/Z$/)
  const again = await upload()
  expect(again.code).toBe(0)
  expect(again.stdout).toMatch(/^This file was uploaded at .* To send every device again, add --restart\.$/m)
  expect(again.stdout).toContain('Every device is registered: 5 of 5.')
  expect(uploads()).toHaveLength(3)

  const restarted = await upload('--restart')
  expect(restarted.code).toBe(0)
  expect(restarted.stdout).toMatch(/^ +5 {2}already registered to this customer/m)
  expect(uploads()).toHaveLength(6)
  const [, aside = ''] = /the previous one is now (\S+)\)$/m.exec(restarted.stdout) ?? []
  expect(JSON.parse(await folder.read(aside))).toEqual(first)
})

test('a changed file and another batch, customer or service are rejected with a remedy, and nothing is sent', async () => {
  const prepared = await prepare({ queuedMs: 1_000 })
  const { upload, uploadTo, folder, uploads } = prepared
  expect((await upload('--no-wait')).code).toBe(3)
  const complaint = ({ code, stderr }: Run): string => {
    expect(code).toBe(1)
    return stderr
  }
  const begun =
    /^devicebatch: devices\.csv\.devicebatch\.json is the journal of an upload that started at .* and has not finished: /
  const other = '11111111-2222-4333-8444-555555555555'
  for (const [result, words] of [
    [
      await uploadTo('Other'),
      'it was for the batch "B", not "Other". Continue with that name, or name another journal',
    ],
    [
      await uploadTo('B', other),
      `it was for the customer ${customer}, not ${other}. Continue with --customer ${customer}`,
    ],
    [await upload('--emulator', (await startEmulator()).url), `it went to ${prepared.baseUrl}, not to http`],
  ] as const) {
    expect(complaint(result)).toMatch(begun)
    expect(result.stderr).toContain(words)
    expect(result.stderr).toContain('Or add --restart to send every device of this file as a new upload')
  }
  await folder.write('devices.csv', deviceFile('A1', 'B2', 'C3'))
  expect(complaint(await upload())).toContain(
    'the device file has changed since. Restore it and run the same command again to continue.',
  )
  expect(uploads()).toHaveLength(3)
})

test('a changed file is a new upload when the previous one has finished', async () => {
  const { upload, folder, taken } = await prepare()
  await upload()
  await folder.write('devices.csv', deviceFile('F6'))
  const { code, stdout } = await upload()
  expect(code).toBe(0)
  expect(stdout).toContain('the previous one is now devices.csv.devicebatch.')
  expect(taken().at(-1)).toEqual(['F6'])
})

test('two at once are one too many; the lock of a killed process is taken over', async () => {
  const { upload, start: begin, emulator, folder, taken, uploads } = await prepare()
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'delay', delayMs: 60_000 } })
  const first = begin()
  await expect.poll(uploads).toHaveLength(1)
  const { code, stderr } = await upload()
  expect(code).toBe(1)
  expect(stderr).toBe(
    `devicebatch: Another devicebatch (process ${first.pid} on ${hostname()}) has this upload in progress. ` +
      'Wait for it or end it, then run the same command again.\n',
  )
  expect(uploads()).toHaveLength(1)
  first.kill('SIGKILL')
  await first.run
  expect(await readdir(folder.path)).toContain(`${journalName}.lock`)
  expect((await upload()).code).toBe(0)
  expect(taken().flat().toSorted()).toEqual(serials)
  expect(await readdir(folder.path)).not.toContain(`${journalName}.lock`)
})

test('a process of another container is observed, which is reported; Ctrl-C ends the wait', async () => {
  const { start: begin, folder, uploads } = await prepare()
  await folder.write(`${journalName}.lock`, '')
  const child = begin()
  let seen = ''
  child.stdout?.on('data', (chunk) => (seen += String(chunk)))
  await expect
    .poll(() => seen)
    .toContain('Another process may have this upload in progress. Waiting up to 20 seconds')
  child.kill('SIGINT')
  expect((await child.run).code).toBe(130)
  expect(uploads()).toEqual([])
})

test('--journal names another file, which is not overwritten if it is not a journal', async () => {
  const { upload, folder, uploads } = await prepare()
  await folder.write('notes.json', '{"mine":1}')
  const refused = await upload('--journal', 'notes.json')
  expect(refused.stderr).toBe(
    'devicebatch: notes.json is not an upload journal. Name another file with --journal, or move this one away.\n',
  )
  expect(uploads()).toEqual([])
  expect((await upload('--journal', 'kept.json')).code).toBe(0)
  expect(await readdir(folder.path)).not.toContain(journalName)
  expect(JSON.parse(await folder.read('kept.json'))).toHaveProperty('endedAt')
  const missing = await upload('--journal', 'none/kept.json')
  expect(missing.stderr).toMatch(
    /^devicebatch: The folder .*none cannot be written to \(choose a file with --journal\)/,
  )
})

test('--dry-run shows what would be sent, and neither sends nor writes anything', async () => {
  const { upload, uploads, folder } = await prepare()
  const { code, stdout } = await upload('--dry-run')
  expect(code).toBe(0)
  expect(stdout).toContain(
    'The batch "B" would be created.\n5 devices would be sent in 3 requests, the largest of 1 kB.\nNothing was sent (--dry-run).\n',
  )
  expect(uploads()).toEqual([])
  expect(await readdir(folder.path)).toEqual(['devices.csv'])
  const { stdout: json } = await upload('--dry-run', '--json')
  expect(JSON.parse(json)).toMatchObject({ plan: { operation: 'create', deviceCount: 5 }, exitCode: 0 })
})

test('a file that changes while it is sent is noticed at the first row that differs', async () => {
  const folder = await makeFolder()
  const path = await folder.write('devices.csv', deviceFile(...serials))
  const read = async (): Promise<string[]> => {
    const found: string[] = []
    for await (const { serialNumber } of readDevicesAgain(file)) found.push(serialNumber!)
    return found
  }
  const file = await readDeviceFile(path, undefined)
  expect(await read()).toEqual(serials)
  const row = 'B2,,,HP,HP EliteBook 840'
  for (const changed of [
    deviceFile('A1', 'X2', 'C3', 'D4', 'E5'),
    deviceFile('A1', 'B2'),
    deviceFile(...serials, 'F6'),
    // Everything that is sent for a row, not only its serial number.
    ...[
      'B2,,,Dell,HP EliteBook 840',
      'B2,,,HP,ProBook',
      'B2,00329-00000-00003-AA606,,HP,HP EliteBook 840',
    ].map((other) => deviceFile(...serials).replace(row, other)),
  ]) {
    await folder.write('devices.csv', changed)
    await expect(read()).rejects.toThrow(`The device file ${path} changed while it was being sent.`)
  }
})

test('the journal is never half-written: it is complete whenever it is read', async () => {
  const { start: begin, folder } = await prepare()
  const child = begin('--chunk-size', '1')
  let looks = 0
  while (child.exitCode === null) {
    const text = await readFile(join(folder.path, journalName), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    looks++
    JSON.parse(text)
  }
  await child.run
  expect(looks).toBeGreaterThan(0)
})

test('a process that lost its lock before it sent anything leaves the journal to the other process', async () => {
  const { upload, folder, emulator, uploads, calls } = await prepare()
  emulator.faults.add({ operation: 'listDeviceBatches', effect: { kind: 'delay', delayMs: 1_000 } })
  const suspended = upload()
  await expect
    .poll(() => calls().filter(({ operation }) => operation === 'listDeviceBatches'))
    .toHaveLength(1)
  await rm(join(folder.path, `${journalName}.lock`))
  const other = '{"journal":"of the other process"}'
  await folder.write(journalName, other)
  emulator.clock.advance(1_000)
  const { code, stderr } = await suspended
  expect(code).toBe(1)
  expect(stderr).toContain('Another devicebatch has taken over the journal')
  expect(await folder.read(journalName)).toBe(other)
  expect(uploads()).toEqual([])
})

test('a process that lost its lock while it waited does not write that the upload has finished', async () => {
  const { start: _, folder, emulator, url } = await prepare({ queuedMs: 1_000 })
  const args = ['upload', 'devices.csv', '--customer', customer, '--batch', 'B', '--emulator', url]
  const { run: ended, shown } = startHere([...args, '--interval', '0.02'], { cwd: folder.path })
  await expect.poll(shown).toContain('Tracking ID')
  await rm(join(folder.path, `${journalName}.lock`))
  const other = '{"journal":"of the other process"}'
  await folder.write(journalName, other)
  emulator.clock.advance(2_000)
  const { code, stdout, stderr } = await ended
  expect(stdout).toContain('Every device is registered: 5 of 5.')
  expect(stderr).toContain('Another devicebatch has taken over the journal')
  expect(code).toBe(1)
  expect(await folder.read(journalName)).toBe(other)
})

test('a lock that cannot be released does not hide how the upload ended', async () => {
  const { folder, url } = await prepare({ queuedMs: 60_000 })
  await mkdir(join(folder.path, 'journals'))
  const args = ['upload', 'devices.csv', '--customer', customer, '--batch', 'B', '--emulator', url]
  const {
    run: ended,
    shown,
    interrupt,
  } = startHere([...args, '--journal', 'journals/a.json'], {
    cwd: folder.path,
  })
  await expect.poll(shown).toContain('Tracking ID')
  await rm(join(folder.path, 'journals'), { recursive: true })
  interrupt()
  const { code, stderr } = await ended
  expect(code).toBe(130)
  expect(stderr).toBe('devicebatch: interrupted\n')
})

test('a journal behind a link stays there, and is locked under its own name', async () => {
  const { upload, folder, uploads } = await prepare()
  await mkdir(join(folder.path, 'share'))
  await symlink(join('share', 'kept.json'), join(folder.path, 'link.json'))
  expect((await upload('--journal', 'share/kept.json')).code).toBe(0)
  const lock = await lockFile(join(folder.path, 'share/kept.json.lock'))
  const refused = await upload('--journal', 'link.json', '--restart')
  expect(refused.stderr).toContain('has this upload in progress')
  expect(uploads()).toHaveLength(3)
  await lock.release()
  const before = await folder.read('share/kept.json')
  expect((await upload('--journal', 'link.json', '--restart')).code).toBe(0)
  expect((await lstat(join(folder.path, 'link.json'))).isSymbolicLink()).toBe(true)
  expect(await folder.read('share/kept.json')).not.toBe(before)
})
