/** The journal is next to the device file, where anybody can change it. */
import { expect, test } from 'vitest'

import { customer, deviceFile, makeFolder, run, emulatorEnvironment, startEmulator } from '../command.ts'

const journalName = 'devices.csv.devicebatch.json'
// oxlint-disable-next-line typescript/no-explicit-any -- It is damaged on purpose.
type Change = (journal: any, chunk: any) => unknown

const changes: [string, string, Change][] = [
  [
    'a chunk that is null',
    '`group.chunks[0]` must be an object; got null',
    ({ group }) => (group.chunks = [null]),
  ],
  [
    'no group',
    "`group` must be what a group's toJSON() gave, of version 1; got undefined",
    (one) => delete one.group,
  ],
  ['a group that is a text', '`group` must be', (one) => (one.group = 'x')],
  ['no chunks', '`group.chunks` must be an array; got undefined', ({ group }) => delete group.chunks],
  [
    'no operation',
    "`group.chunks[0].operation` must be 'create' or 'append'",
    (_, chunk) => delete chunk.operation,
  ],
  ['an ID that is none', '`group.chunks[0].requestId` must be a GUID', (_, chunk) => (chunk.requestId = 7)],
  [
    'an invalid tracking ID',
    '`group.chunks[0].batchTrackingId` must be a GUID',
    (_, chunk) => (chunk.batchTrackingId = null),
  ],
  ['positions that are none', '`group.chunks[0]` must begin where', (_, chunk) => (chunk.toIndex = '2')],
  ['a gap', '`group.chunks[1]` must begin where', ({ group }) => group.chunks.splice(1, 1)],
  [
    'a count that is none',
    '`group.chunks[0].deviceCount` must be a number from 1 to 2',
    (_, chunk) => (chunk.deviceCount = -1),
  ],
  ['no digest', '`group.chunks[0].digest` must be a text', (_, chunk) => delete chunk.digest],
  [
    'an invalid settlement',
    '`group.chunks[0].settled.landed` must be an array',
    (_, chunk) => (chunk.settled = {}),
  ],
  [
    'a settled position outside',
    '`group.chunks[0].settled.landed[0]` must be a position from 0 to 1',
    (_, chunk) => (chunk.settled = { landed: [9], didNotLand: [], cannotTell: [] }),
  ],
  ['no duplicates', '`group.duplicates` must be an array', ({ group }) => delete group.duplicates],
  [
    'a duplicate that is none',
    '`group.duplicates[0]` must be an object',
    ({ group }) => (group.duplicates = [1]),
  ],
  ['no customer', '`group.customerId` must be a GUID', ({ group }) => delete group.customerId],
  ['a batch that is none', '`group.batchId` must be a name', ({ group }) => (group.batchId = 1)],
  ['no time', '`startedAt` is not a time', (one) => (one.startedAt = 'yesterday')],
  [
    'a time that a terminal would act on',
    '`startedAt` is not a time',
    (one) => (one.startedAt = '(\u001B]0;x\u0007)2020'),
  ],
  ['a time that is a path', '`startedAt` is not a time', (one) => (one.startedAt = '(/../x)2020')],
  ['an end that is not a time', '`endedAt` is not a time', (one) => (one.endedAt = 1)],
  ['no service', '`service` is not a string', (one) => delete one.service],
  ['no file', '`file.path` is not a string', (one) => delete one.file],
  ['no digest of the file', '`file.sha256` is not a SHA-256 digest', (one) => delete one.file.sha256],
]

test('a damaged journal is rejected with its name, the problem and how to continue; nothing is sent', async () => {
  const emulator = await startEmulator({ queuedMs: 60_000 })
  const folder = await makeFolder()
  await folder.write('devices.csv', deviceFile('A1', 'B2', 'C3', 'D4', 'E5'))
  const upload = (...args: string[]) =>
    run(
      [
        'upload',
        'devices.csv',
        '--customer',
        customer,
        '--batch',
        'B',
        '--chunk-size',
        '2',
        '--no-wait',
        ...args,
      ],
      { cwd: folder.path, env: emulatorEnvironment(emulator) },
    )
  expect((await upload()).code).toBe(3)
  const written = await folder.read(journalName)
  const sent = emulator.calls().length
  const damaged: [string, string, string][] = [
    ['half of it', 'it is not JSON', written.slice(0, written.length / 2)],
    ['nothing', 'it is not JSON', ''],
    ...changes.map(([name, problem, change]): [string, string, string] => {
      const journal = JSON.parse(written)
      change(journal, journal.group.chunks[0])
      return [name, problem, JSON.stringify(journal)]
    }),
  ]
  for (const [name, problem, text] of damaged) {
    await folder.write(journalName, text)
    const { code, stderr } = await upload()
    expect(code, name).toBe(1)
    expect(stderr, name).toContain(`devicebatch: ${journalName} is damaged or is not a journal: ${problem}`)
    expect(stderr, name).toContain('Restore it to continue its upload. To start without it, move it away or')
    expect(stderr, name).not.toContain('    at ')
    expect(await folder.read(journalName), name).toBe(text)
  }
  for (const [text, words] of [
    ['[]', 'is not an upload journal. Name another file'],
    ['{"journal":"devicebatch","version":2}', 'is not an upload journal that this version can read.'],
  ] as const) {
    await folder.write(journalName, text)
    expect((await upload()).stderr).toContain(words)
  }
  expect(emulator.calls()).toHaveLength(sent)

  await folder.write(journalName, written)
  expect((await upload()).code).toBe(3)
})

test('journals that are set aside in the same second are all kept', async () => {
  const emulator = await startEmulator()
  const folder = await makeFolder()
  await folder.write('devices.csv', deviceFile('A1'))
  const upload = (...args: string[]) =>
    run(['upload', 'devices.csv', '--customer', customer, '--batch', 'B', ...args], {
      cwd: folder.path,
      env: emulatorEnvironment(emulator),
    })
  const ids = new Set<string>()
  const asides = new Set<string>()
  await upload()
  for (let time = 0; time < 3; time++) {
    const journal = JSON.parse(await folder.read(journalName))
    ids.add(journal.group.chunks[0].batchTrackingId)
    await folder.write(journalName, JSON.stringify({ ...journal, startedAt: '2026-11-28T08:00:00.000Z' }))
    const { code, stdout } = await upload('--restart')
    expect(code).toBe(0)
    asides.add(/the previous one is now (\S+)\)$/m.exec(stdout)![1]!)
  }
  const kept = await Promise.all([...asides].map(async (name) => JSON.parse(await folder.read(name))))
  expect(new Set(kept.map(({ group }) => group.chunks[0].batchTrackingId))).toEqual(ids)
  expect(ids.size).toBe(3)
})
