/** A schema belongs to one partner; several partners share a database in schemas of their own. */
import { randomUUID } from 'node:crypto'

import type { Emulator } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import type { TrackerOptions } from '../../src/index.ts'
import { createTracker, DatabaseError } from '../../src/index.ts'
import {
  all,
  devices,
  emptyDatabase,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  isServer,
  partnerOf,
  trackerOn,
  until,
} from '../helpers.ts'

/** A sign-in to this tenant; the token that the emulator knows is sent in place of the one that names the tenant. */
function partnerIn(tenant: string | (() => string), emulator: Emulator): TrackerOptions['partner'] {
  const { credential } = partnerOf(emulator.fetch)
  const tid = typeof tenant === 'string' ? () => tenant : tenant
  return {
    credential: () => `header.${Buffer.from(JSON.stringify({ tid: tid() })).toString('base64url')}.signature`,
    async fetch(input, init) {
      const request = new Request(input, init)
      const { token } = await (
        credential as { getToken: (scopes: string) => Promise<{ token: string }> }
      ).getToken('https://api.partnercenter.microsoft.com/.default')
      request.headers.set('authorization', `Bearer ${token}`)
      return await emulator.fetch(request)
    },
  }
}

test.runIf(isServer)('a worker of another partner is refused, and works in its own schema', async () => {
  const emulator = fastEmulator()
  const database = await emptyDatabase()
  const [contoso, fabrikam] = [randomUUID(), randomUUID()]
  const request = () => ({ customerId: randomUUID(), batchId: 'B', devices: devices('S1') })
  const first = trackerOn(database, emulator, { partner: partnerIn(contoso, emulator) })
  await first.start()
  await first.submit(request())

  const second = trackerOn(database, emulator, { partner: partnerIn(fabrikam, emulator) })
  const error: unknown = await second.start().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DatabaseError)
  expect(error).toMatchObject({
    reason: 'other-partner',
    message: expect.stringMatching(new RegExp(`${contoso}.*${fabrikam}.*schema of its own`)),
  })

  const own = trackerOn(database, emulator, {
    partner: partnerIn(fabrikam, emulator),
    schema: 'devicebatch_fabrikam',
  })
  await own.start()
  await own.submit(request())
  await eventsUntil(own, 'upload.ended')
  await eventsUntil(first, 'upload.ended')
  for (const tracker of [first, own]) {
    expect(await all(tracker.listUploads())).toHaveLength(1)
    expect(await tracker.getTotals()).toMatchObject({ submissions: { accepted: 1 } })
    expect((await tracker.getStatistics()).intervals.at(-1)!.uploads).toBe(1)
    expect(await tracker.applyRetention()).toEqual({
      uploads: 0,
      submissions: 0,
      events: 0,
      notifications: 0,
    })
  }
})

test.each([
  ['as a partner and then as another', (tenant: string) => tenant],
  [
    'as nobody and then as another partner',
    (): string => {
      throw new Error('not signed in')
    },
  ],
])('a worker that starts signed in %s sends nothing as that partner', async (_, signInFirst) => {
  const emulator = fastEmulator()
  const database = await freshDatabase()
  const [contoso, fabrikam] = [randomUUID(), randomUUID()]
  const owner = trackerOn(database, emulator, { partner: partnerIn(contoso, emulator) })
  await owner.start()
  await owner.close()

  let signIn = (): string => signInFirst(contoso)
  const sent: string[] = []
  const { credential, fetch } = partnerIn(() => signIn(), emulator)
  const tracker = trackerOn(database, emulator, {
    partner: {
      credential,
      fetch: async (input, init) => {
        sent.push(new Request(input, init).headers.get('authorization')!.split('.')[1]!)
        return await fetch!(input, init)
      },
    },
  })
  await tracker.start()
  signIn = () => fabrikam
  const { submissionId } = await tracker.submit({
    customerId: randomUUID(),
    batchId: 'B',
    devices: devices('S1'),
  })
  await until(async () => (await tracker.getSubmission(submissionId))?.error !== undefined)
  expect(await tracker.getSubmission(submissionId)).toMatchObject({
    state: 'uploading',
    error: { code: 'database', message: expect.stringMatching(new RegExp(`${contoso}.*${fabrikam}`)) },
  })
  expect(sent).toEqual([])

  signIn = () => contoso
  await eventsUntil(tracker, 'upload.ended')
  const tenants = sent.map((claims) => Buffer.from(claims, 'base64url').toString())
  expect(new Set(tenants)).toEqual(new Set([JSON.stringify({ tid: contoso })]))
})

test.each(['Contoso', 'a-b', '', 'x'.repeat(41)])('the schema name %j is refused', (schema) => {
  const options = { database: 'memory' as const, partner: { credential: () => 'none' }, schema }
  expect(() => createTracker(options)).toThrow(/`schema` must be a name of at most 40 lower-case letters/)
})
