/** `devicebatch tracker`: submits, uploads and tracks with a worker, and reports from the database. */
import { access } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { documentedUpload } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { freshDatabase, runSql } from '../../../../packages/tracker/test/databases.ts'
import { customer, deviceFile, makeFolder, run, sample, start, startEmulator } from '../command.ts'
import { freshTracker } from './database.ts'

test('a file is submitted and uploaded by a worker, and its results are listed, shown and exported', async () => {
  const server = await startEmulator()
  const { path } = await makeFolder()
  const here = ['--directory', path]

  const submit = ['tracker', 'submit', sample, '--customer', customer, '--batch', 'Front desk']
  const refused = await run([...submit, '--strict', ...here])
  expect(refused.code).toBe(2)
  expect(refused.stdout).toMatch(/^ +line 15 /m)
  expect(refused.stderr).toContain('has 3 rows that cannot be sent')

  const submitted = await run([...submit, '--json', ...here])
  expect(submitted.code).toBe(2)
  const { submissionId } = JSON.parse(submitted.stdout) as { submissionId: string }
  expect(submitted.stderr).toContain(`41 devices submitted as submission ${submissionId}`)
  expect(server.emulator.requests).toEqual([])

  const work = ['tracker', 'start', '--emulator', server.url, ...here]
  const worked = await run([...work, '--until-done'])
  expect(worked.code).toBe(0)
  expect(worked.stdout).toMatch(
    / {2}submission\.accepted {2}.*\n.* {2}upload\.ended {2}.*partially-failed\n$/s,
  )

  const listed = await run(['tracker', 'list', '--outcome', 'partially-failed', '--json', ...here])
  const { uploads, submissions } = JSON.parse(listed.stdout)
  expect(uploads).toMatchObject([{ submissionId, state: 'ended', counts: { total: 41, failed: 5 } }])
  expect(submissions).toEqual([])
  const shown = await run(['tracker', 'show', uploads[0].batchTrackingId, ...here])
  expect(shown.code).toBe(2)
  expect(shown.stdout).toMatch(/EMU812-5CG3ZLRDGD .* 812 /)
  expect(shown.stdout).toContain('EMULATOR: nothing was sent to Microsoft')
  const exported = await run(['tracker', 'export', '--error-code', '808', ...here])
  expect(
    exported.stdout.split('\r\n').filter((line) => line.includes('ZtdDeviceAssignedToOtherTenant')),
  ).toHaveLength(2)

  const worker = start([...work])
  await new Promise((resolve) => worker.stdout!.once('data', resolve))
  const second = await run(['tracker', 'list', ...here])
  expect(second.code).toBe(1)
  expect(second.stderr).toMatch(new RegExp(`is used by process ${worker.pid} .* Stop that process`))
  worker.kill('SIGTERM')
  expect((await worker.run).code).toBe(0)
})

test('lists name the customer, whether it was submitted by name or by id', async () => {
  const server = await startEmulator()
  const { customerId } = documentedUpload
  const tracker = await freshTracker()
  const folder = await makeFolder()
  const file = await folder.write('devices.csv', deviceFile('N1'))
  const submitTo = (name: string, ...more: string[]) =>
    tracker(['submit', file, '--customer', name, '--batch', 'B', '--json', ...more])

  const ambiguous = await submitTo('Contoso', '--emulator', server.url)
  expect(ambiguous.code).toBe(1)
  expect(ambiguous.stderr).toMatch(/^devicebatch: 3 customers have a name that begins with "Contoso"\./m)
  const byDomain = await submitTo('contoso.com', '--emulator', server.url)
  expect(JSON.parse(byDomain.stdout)).toMatchObject({ customerName: 'Contoso' })
  await submitTo(customerId)
  await tracker(['start', '--until-done', '--emulator', server.url])

  const { uploads } = JSON.parse((await tracker(['list', '--json'])).stdout) as {
    uploads: { customerName: string; batchTrackingId: string }[]
  }
  expect(uploads.map(({ customerName }) => customerName).toSorted()).toEqual(['Contoso', 'Fabrikam'])
  const fabrikam = uploads.find(({ customerName }) => customerName === 'Fabrikam')!
  const shown = await tracker(['show', fabrikam.batchTrackingId])
  expect(shown.stdout).toMatch(new RegExp(`^Customer +Fabrikam \\(${customerId}\\)\nBatch +B$`, 'm'))
  const exported = await tracker(['export'])
  expect(exported.stdout).toMatch(/^\uFEFFCustomer,Customer name,/)
  expect(exported.stdout).toContain(`${customerId},Fabrikam,`)
})

test('devices with a transient error are named, and resubmitted once', async () => {
  const server = await startEmulator()
  const tracker = await freshTracker()
  const folder = await makeFolder()
  const file = await folder.write('devices.csv', deviceFile('T1', 'EMU640-T2', 'EMU808-T3'))
  await tracker(['submit', file, '--customer', customer, '--batch', 'Again'])
  await tracker(['start', '--emulator', server.url, '--until-done'])
  const listed = await tracker(['list'])
  const [, id] = /^Submission (\S+) for "Again" has 1 device to retry: devicebatch tracker retry \1$/m.exec(
    listed.stdout,
  )!

  const retried = await tracker(['retry', id!, '--json'])
  expect(retried.code).toBe(0)
  const { submissionId, retryOf, deviceCount } = JSON.parse(retried.stdout)
  expect({ retryOf, deviceCount }).toEqual({ retryOf: id, deviceCount: 1 })
  const again = await tracker(['retry', id!])
  expect(again.code).toBe(1)
  expect(again.stderr).toContain(`was already retried as submission ${submissionId}`)
})

test('a database that cannot be used is named, without its password', async () => {
  const env = { DEVICEBATCH_DATABASE_URL: 'postgres://somebody:sesame@127.0.0.1:9/nowhere' }
  const [unreachable, both] = await Promise.all([
    run(['tracker', 'list'], { env }),
    run(['tracker', 'list', '--directory', 'here'], { env }),
  ])
  expect(unreachable.code).toBe(1)
  expect(unreachable.stderr).toMatch(
    /^devicebatch: No connection: the PostgreSQL server at 127\.0\.0\.1:9 cannot be reached/,
  )
  expect(unreachable.stderr).not.toContain('sesame')
  expect(both.stderr).toContain('DEVICEBATCH_DATABASE_URL and --directory name two databases')
})

test('a worker that runs until it is done ends with the reason when it cannot read what is left to do', async () => {
  const server = await startEmulator({ processingMs: 60_000 })
  const url = (await freshDatabase()) as string
  const env = { DEVICEBATCH_DATABASE_URL: url }
  const folder = await makeFolder()
  const file = await folder.write('devices.csv', deviceFile('N1'))
  await run(['tracker', 'submit', file, '--customer', customer, '--batch', 'B'], { env })
  const worker = start(['tracker', 'start', '--until-done', '--emulator', server.url], { env })
  await expect.poll(() => server.emulator.requests.length).toBeGreaterThan(0)
  await runSql(url, 'alter table devicebatch.submissions rename to gone; select 1')
  const { code, stderr } = await worker.run
  expect(code).toBe(1)
  expect(stderr).toMatch(/^devicebatch: The database lacks tables of the tracker \(.*submissions/m)
  expect(stderr).not.toMatch(/^ +at /m)
})

test.each([
  ['export', ['--outcome', 'fail'], /'fail' is invalid.*choices are .*failed/],
  ['list', ['--state', 'done'], /'done' is invalid.*choices are .*stopped/],
  ['list', ['--outcome', 'unresolved'], /'unresolved' is invalid.*choices are .*unknown/],
])('%s with a filter that no upload can match is refused', async (command, filter, message) => {
  const tracker = await freshTracker()
  const { code, stderr } = await tracker([command, ...filter])
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})

test.each(['list', 'export'])(
  '%s of a folder without a database is refused, and creates none',
  async (command) => {
    const directory = join(tmpdir(), `devicebatch-console-nowhere-${process.pid}`)
    const { code, stderr } = await run(['tracker', command, '--directory', directory])
    expect(code).toBe(2)
    expect(stderr).toContain(`There is no tracker database in ${directory}`)
    await expect(access(directory)).rejects.toThrow('ENOENT')
  },
)
