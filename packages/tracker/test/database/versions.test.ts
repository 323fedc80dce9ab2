/** Workers of this version and of a newer version on the same database. */
import { createPartnerCenter } from '@devicebatch/client'
import { describe, expect, test } from 'vitest'

import { migrate } from '../../src/database/migrate.ts'
import { migrations } from '../../src/database/migrations.ts'
import { openDatabase } from '../../src/database/open-database.ts'
import type { Tracker } from '../../src/index.ts'
import { DatabaseError } from '../../src/index.ts'
import {
  all,
  countCreatedUploads,
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  isServer,
  partnerOf,
  runSql,
  trackerOn,
  until,
} from '../helpers.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'

/** Everything an add-only version may do to the tables that workers write. */
const tomorrow = {
  ...migrations,
  '9999-of-tomorrow': {
    async up(db: Parameters<(typeof migrations)[string]['up']>[0]) {
      for (const table of ['submissions', 'uploads', 'device_results', 'events']) {
        await db.schema
          .withSchema('devicebatch')
          .alterTable(table)
          .addColumn('note', 'text', (column) => column.notNull().defaultTo('none'))
          .execute()
        await db.schema
          .withSchema('devicebatch')
          .createIndex(`${table}_note`)
          .on(table)
          .columns(['note', 'customer_id'])
          .execute()
      }
      await db.schema
        .withSchema('devicebatch')
        .createTable('notes')
        .addColumn('upload', 'uuid', (column) => column.references('devicebatch.uploads.batch_tracking_id'))
        .execute()
    },
  },
}

describe.runIf(isServer)('a newer version that changes the tables beneath workers', () => {
  test('stops none of them, and nothing is lost or recorded twice; workers that start later are refused', async () => {
    // However slow this machine is, no upload ends before the tables change.
    const emulator = fastEmulator()
    const body = { status: 'processing', devicesStatus: [] }
    const effect = { kind: 'answer', status: 200, body } as const
    emulator.faults.add({ operation: 'getBatchUploadStatus', times: Infinity, effect })
    const database = await freshDatabase()
    const workers = [trackerOn(database, emulator), trackerOn(database, emulator)]
    await Promise.all(workers.map((worker) => worker.start()))
    const submit = async (name: string): Promise<void> => {
      for (let index = 0; index < 20; index++) {
        const customer = customerId.replace(/^./, (index % 4).toString())
        await workers[index % 2]!.submit({
          customerId: customer,
          batchId: `${name} ${index}`,
          devices: devices(`${name}-${index}`, `EMU812-${name}-${index}`),
        })
      }
    }
    await submit('before')
    await eventsUntil(workers[0]!, 'upload.changed')
    const newer = await openDatabase(database, () => undefined)
    await migrate(newer.kysely, undefined, tomorrow)
    await newer.close()
    expect(await all(workers[0]!.listUploads({ state: 'tracking' }))).not.toEqual([])
    emulator.faults.clear()
    await submit('after')

    const events = await eventsUntil(workers[0]!, 'upload.ended', { count: 40 })
    const ended = events.filter(({ type }) => type === 'upload.ended')
    expect(new Set(ended.map(({ batchTrackingId }) => batchTrackingId)).size).toBe(40)
    expect(events.filter(({ type }) => type === 'submission.accepted')).toHaveLength(40)
    const outcomes = (await all(workers[1]!.listDevices())).map(({ outcome }) => outcome)
    expect(outcomes.toSorted()).toEqual([...Array(40).fill('failed'), ...Array(40).fill('succeeded')])
    expect(countCreatedUploads(emulator)).toBe(40)

    const late = trackerOn(database, emulator).start()
    await expect(late).rejects.toMatchObject({ name: 'DatabaseError', reason: 'newer-schema' })
  })
})

describe('a record in the format of a newer version', () => {
  const setUp = async () => {
    const emulator = fastEmulator()
    const database = await freshDatabase()
    const errors: unknown[] = []
    const start = async (): Promise<Tracker> => {
      const tracker = trackerOn(database, emulator, { onError: (error) => errors.push(error) })
      await tracker.start()
      return tracker
    }
    /** Changes the database while no worker is running, and returns its content. */
    const handIn = async (hand: (tracker: Tracker) => Promise<unknown>, text: string): Promise<void> => {
      const tracker = trackerOn(database, emulator)
      await hand(tracker)
      await tracker.close()
      await runSql(database, text)
    }
    return { emulator, database, errors, start, handIn }
  }
  const told = /newer version of @devicebatch\/tracker.*Update @devicebatch\/tracker/

  test('as the state of an upload is left to that version: the upload continues, and no request is sent', async () => {
    const { emulator, database, errors, start, handIn } = await setUp()
    const batches = createPartnerCenter(partnerOf(emulator.fetch)).customers.byId(customerId).deviceBatches
    const upload = await batches.create({ batchId: 'Newer', devices: devices('N1') })
    await handIn(
      (tracker) => tracker.track(upload),
      `update devicebatch.uploads set poll_state = '{"version": 2}'`,
    )
    const older = await start()
    await until(() => errors.length > 1)
    expect(errors[0]).toBeInstanceOf(DatabaseError)
    expect((errors[0] as Error).message).toMatch(told)
    expect((errors[0] as Error).message).toContain(upload.batchTrackingId)
    expect(await older.getUpload(upload.batchTrackingId)).toMatchObject({
      state: 'tracking',
      outcome: 'pending',
    })
    expect(emulator.requests.filter(({ operation }) => operation === 'getBatchUploadStatus')).toEqual([])
    await older.close()

    // The newer version has gone back to the format that both know.
    await runSql(database, 'update devicebatch.uploads set poll_state = null')
    await eventsUntil(await start(), 'upload.ended')
  })

  test('as the requests of a submission is left to that version, and its run is not disturbed', async () => {
    const { emulator, database, errors, start, handIn } = await setUp()
    await handIn(
      (tracker) => tracker.submit({ customerId, batchId: 'Newer', devices: devices('N2') }),
      `update devicebatch.submissions set state = 'uploading', attempt = 7, upload_group = '{"version": 2, "chunks": []}'`,
    )
    const older = await start()
    await until(() => errors.length > 1)
    expect((errors[0] as Error).message).toMatch(told)
    await older.close()
    const kept = await runSql(database, 'select state, attempt, error from devicebatch.submissions')
    expect(kept).toEqual([{ state: 'uploading', attempt: 7, error: null }])
    expect(emulator.requests.filter(({ operation }) => operation === 'createDeviceBatch')).toEqual([])

    await runSql(database, 'update devicebatch.submissions set upload_group = null')
    await eventsUntil(await start(), 'upload.ended')
  })

  test('as a job is left to that version', async () => {
    const { database, errors, start, handIn } = await setUp()
    await handIn(
      (tracker) => tracker.submit({ customerId, batchId: 'Newer', devices: devices('N3') }),
      `update devicebatch_jobs.job set data = '{"submissions": []}' where name = 'devicebatch-uploads'`,
    )
    const older = await start()
    await until(() => errors.length > 1)
    expect((errors[0] as Error).message).toMatch(told)
    await older.close()
    const jobs = await runSql(
      database,
      `select name from devicebatch_jobs.job where data::text like '%submissions%' and state in ('created', 'retry', 'active')`,
    )
    expect(jobs).toEqual([{ name: 'devicebatch-uploads' }])
  })
})
