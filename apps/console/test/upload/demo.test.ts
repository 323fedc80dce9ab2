/** The demo as `npm start` runs it, in real time: twice at once, for people in Taipei and as JSON. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { beforeAll, expect, test } from 'vitest'

import type { Run } from '../command.ts'
import { run, start } from '../command.ts'

let people: Run
let machines: Run

/** The temporary folder of the demo for people, and where its results go. */
let temporary: string
let results: string

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'devicebatch-test-'))
  temporary = await mkdtemp(join(folder, 'temporary-'))
  results = join(folder, 'results.csv')
  const env = { TZ: 'Asia/Taipei', TMPDIR: temporary }
  const runs = [start(['demo', '--results', results], { env }).run, run(['demo', '--json'])]
  ;[people, machines] = (await Promise.all(runs)) as [Run, Run]
  return () => rm(folder, { recursive: true })
})

test('the demo exits with 0 although devices failed, and says what "upload" would exit with', () => {
  expect({ code: people.code, stderr: people.stderr }).toEqual({ code: 0, stderr: '' })
  expect(people.stdout).toContain('The demo exits with code 0; "upload" with these results exits with 2, and')
})

test('its first line says that nothing was sent to Microsoft, and so does its report', () => {
  expect(people.stdout.split('\n')[0]).toBe('EMULATOR: nothing was sent to Microsoft')
  expect(people.stdout).toMatch(/^Report {2}EMULATOR: nothing was sent to Microsoft$/m)
})

test('it shows rows that are not sent, with line and remedy', () => {
  expect(people.stdout).toMatch(/^ +line 15 {2}.*does not identify a device\. Give /m)
  expect(people.stdout).toMatch(/^ +line 30 {2}.*same device as line 25.*Remove one/m)
  expect(people.stdout).toMatch(/^ +line 36 {2}.*"3\.6918E\+10".*Take the value from the original/m)
})

test("it prints the tracking ID before the first poll, and at the end the command for a file of one's own", () => {
  const at = (text: RegExp): number => people.stdout.search(text)
  expect(at(/^Tracking ID {2}[\da-f-]{36}$/m)).toBeGreaterThan(0)
  expect(at(/UTC {2}(queued|processing): /)).toBeGreaterThan(at(/^Tracking ID/m))
  expect(at(/ upload devices\.csv --customer /)).toBeGreaterThan(at(/^Not every device/m))
})

test('it shows movement, one line for each change', () => {
  const done = [...people.stdout.matchAll(/UTC {2}\w+: (\d+) of 41 devices done/g)].map(([, number]) =>
    Number(number),
  )
  expect(done.length).toBeGreaterThanOrEqual(4)
  expect(done).toEqual(done.toSorted((a, b) => a - b))
  expect(done.at(-1)).toBe(41)
})

test('it says what 808 means and what to do, and never reports success because of the status', () => {
  expect(people.stdout).toMatch(/^808 ZtdDeviceAssignedToOtherTenant {2}2 devices failed$/m)
  expect(people.stdout).toMatch(/^ {2}Meaning {5}The device is registered to another organization\.$/m)
  expect(people.stdout).toMatch(/^ {2}What to do {2}Ask that organization, /m)
  expect(people.stdout).toMatch(/^ +8 +EMU808-\S+ +HP +HP EliteBook 840 14 inch G10 Notebook PC$/m)
  expect(people.stdout).toContain('Not every device is registered: 5 devices failed, 3 rows not sent.')
  expect(people.stdout).not.toMatch(/success|succeeded/i)
})

test('its times are UTC, in Taipei too', () => {
  const [, started = ''] = /^Started +(\S+ \S+) UTC$/m.exec(people.stdout) ?? []
  const ageMs = Date.now() - Date.parse(`${started.replace(' ', 'T')}Z`)
  expect(ageMs).toBeGreaterThan(0)
  expect(ageMs).toBeLessThan(3_600_000)
})

test('it leaves nothing in the temporary folder', async () => {
  expect(await readdir(temporary)).toEqual([])
})

test('with --results it writes the results and prints their path', async () => {
  expect(people.stdout).toContain(`Results:\n  ${results}\n`)
  expect(JSON.parse(machines.stdout)).not.toHaveProperty('results')
  const lines = (await readFile(results, 'utf8')).trimEnd().split('\r\n')
  expect(lines).toHaveLength(1 + 44)
  expect(lines.filter((line) => line.includes(',failed,'))).toHaveLength(5)
  expect(lines.filter((line) => line.includes(',not sent,'))).toHaveLength(3)
})

test('without a terminal it writes no control characters', () => {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(people.stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F]/)
})

test('with --json it is one document, and the emulator is in it', () => {
  expect(machines.code).toBe(0)
  expect(JSON.parse(machines.stdout)).toMatchObject({
    exitCode: 0,
    emulated: true,
    file: { sent: 41, skipped: [{ line: 15 }, { line: 30 }, { line: 36 }] },
    report: {
      outcome: 'partially-failed',
      emulated: true,
      counts: { total: 41, succeeded: 35, alreadyRegistered: 1, failed: 5, pending: 0, unresolved: 0 },
    },
  })
})
