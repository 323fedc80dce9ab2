/** What fails is listed with its reason and its next try, and tried at once when its cause is fixed. */
import { randomUUID } from 'node:crypto'

import { AuthenticationError, InvalidArgumentError } from '@devicebatch/client'
import { describe, expect, test } from 'vitest'

import type { Tracker } from '../../src/index.ts'
import {
  all,
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  partnerOf,
  trackerOn,
  until,
} from '../helpers.ts'

/** A tracker that can sign in only while `isSignedIn`. */
async function trackerWithSignIn(signIn: { isSignedIn: boolean }) {
  const emulator = fastEmulator({ timeScale: 4 })
  const { credential, fetch } = partnerOf(emulator.fetch)
  const guarded = {
    async getToken(scopes: string | string[]) {
      if (!signIn.isSignedIn) throw new AuthenticationError('Nobody is signed in.')
      // A token that lasts, so that only the sign-in decides.
      return await (credential as { getToken: (scopes: string | string[]) => Promise<never> }).getToken(
        scopes,
      )
    },
  }
  const tracker = trackerOn(await freshDatabase(), emulator, {
    onError: () => undefined,
    partner: { fetch, credential: guarded },
    poll: { initialIntervalMs: 200, maxIntervalMs: 400, maxFailures: 1 },
  })
  await tracker.start()
  return { tracker, emulator }
}

const stuckOf = async (tracker: Tracker, filter?: Parameters<Tracker['listStuck']>[0]) =>
  await all(tracker.listStuck(filter))

describe('a submission that cannot be sent because nobody is signed in', () => {
  test('is listed with its error and its next try, and sent at once by retryNow()', async () => {
    const signIn = { isSignedIn: false }
    const { tracker } = await trackerWithSignIn(signIn)
    const customerId = randomUUID()
    const { submissionId } = await tracker.submit({ customerId, batchId: 'B', devices: devices('A1') })
    // The first retries follow within seconds.
    await until(async () => Date.parse((await stuckOf(tracker))[0]?.nextAt ?? '') > Date.now() + 15_000)
    const [stuck] = await stuckOf(tracker, { reason: 'sign-in' })
    expect(stuck).toMatchObject({
      kind: 'submission',
      submissionId,
      customerId,
      batchId: 'B',
      error: { code: 'authentication', message: 'Nobody is signed in.' },
      next: 'upload',
    })
    expect(Date.parse(stuck!.since)).toBeLessThan(Date.now())
    expect(await stuckOf(tracker, { customerId: randomUUID() })).toEqual([])
    expect(await stuckOf(tracker, { reason: 'role-missing' })).toEqual([])

    signIn.isSignedIn = true
    expect(await tracker.retryNow({ reason: 'role-missing' })).toEqual({ submissions: 0, uploads: 0 })
    expect(await tracker.retryNow({ reason: 'sign-in' })).toEqual({ submissions: 1, uploads: 0 })
    await eventsUntil(tracker, 'submission.accepted', { customerId })
    expect(Date.now()).toBeLessThan(Date.parse(stuck!.nextAt!))
    await eventsUntil(tracker, 'upload.ended', { customerId })
    expect(await stuckOf(tracker)).toEqual([])
  })
})

/** A worker with an upload whose first poll was refused. */
async function trackerWithFailingPoll() {
  const emulator = fastEmulator({ timeScale: 4 })
  const tracker = trackerOn(await freshDatabase(), emulator)
  await tracker.start()
  const customerId = randomUUID()
  emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 403 } })
  await tracker.submit({ customerId, batchId: 'B', devices: devices('A1') })
  await eventsUntil(tracker, 'upload.failing', { customerId })
  return { tracker, customerId }
}

describe('an upload whose polls fail', () => {
  test('is listed, and polled at once by retryNow(), which would have taken five minutes', async () => {
    const { tracker, customerId } = await trackerWithFailingPoll()
    const [stuck] = await stuckOf(tracker)
    expect(stuck).toMatchObject({ kind: 'upload', customerId, error: { status: 403 }, next: 'poll' })
    expect(Date.parse(stuck!.nextAt!) - Date.now()).toBeGreaterThan(200_000)
    expect(await stuckOf(tracker, { reason: 'sign-in' })).toEqual([])
    expect(await tracker.retryNow({ reason: 'sign-in' })).toEqual({ submissions: 0, uploads: 0 })
    const { batchTrackingId } = stuck!
    await tracker.pause({ customerId })
    const [paused] = await stuckOf(tracker)
    expect(paused).toMatchObject({ next: 'unpause' })
    expect(paused).not.toHaveProperty('nextAt')
    await tracker.unpause({ customerId })

    expect(await tracker.retryNow({ batchTrackingId })).toEqual({ submissions: 0, uploads: 1 })
    await eventsUntil(tracker, 'upload.ended', { customerId })
    await expect(tracker.retryNow({ batchTrackingId })).rejects.toThrow(/is ended and not failing/)
  })
})

describe('what is paused', () => {
  /** Pauses the customer, then everything; each time nothing is retried. */
  async function expectRefusal(
    tracker: Tracker,
    customerId: string,
    one: { submissionId: string } | { batchTrackingId: string },
  ): Promise<void> {
    for (const scope of [{ customerId }, {}]) {
      await tracker.pause(scope)
      expect((await stuckOf(tracker))[0]).toMatchObject({ ...one, next: 'unpause' })
      for (const filter of [{}, { customerId }])
        expect(await tracker.retryNow(filter)).toEqual({ submissions: 0, uploads: 0 })
      await expect(tracker.retryNow(one)).rejects.toSatisfy(
        (error) =>
          error instanceof InvalidArgumentError &&
          /`(submissionId|batchTrackingId)` .* is paused.*unpause\(\)/.test(error.message),
      )
      await tracker.unpause(scope)
    }
  }

  test('is not retried by retryNow(): a submission', async () => {
    const signIn = { isSignedIn: false }
    const { tracker } = await trackerWithSignIn(signIn)
    const customerId = randomUUID()
    const { submissionId } = await tracker.submit({ customerId, batchId: 'B', devices: devices('A1') })
    await until(async () => (await stuckOf(tracker)).length === 1)
    await expectRefusal(tracker, customerId, { submissionId })
    expect(await tracker.retryNow({ submissionId })).toEqual({ submissions: 1, uploads: 0 })
    signIn.isSignedIn = true
    await eventsUntil(tracker, 'submission.accepted', { customerId })
  })

  test('is not retried by retryNow(): an upload', async () => {
    const { tracker, customerId } = await trackerWithFailingPoll()
    const batchTrackingId = (await stuckOf(tracker))[0]!.batchTrackingId!
    await expectRefusal(tracker, customerId, { batchTrackingId })
    expect(await tracker.retryNow({ batchTrackingId })).toEqual({ submissions: 0, uploads: 1 })
    await eventsUntil(tracker, 'upload.ended', { customerId })
  })
})

describe('what is not tried again by itself', () => {
  test('is listed with what to call, and refused by retryNow()', async () => {
    const emulator = fastEmulator()
    const tracker = trackerOn(await freshDatabase(), emulator)
    await tracker.start()
    emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 403 } })
    const { submissionId } = await tracker.submit({
      customerId: randomUUID(),
      batchId: 'B',
      devices: devices('A1'),
    })
    await eventsUntil(tracker, 'submission.failed')
    const [stuck] = await stuckOf(tracker)
    expect(stuck).toMatchObject({ kind: 'submission', submissionId, next: 'resume' })
    expect(stuck).not.toHaveProperty('nextAt')
    await expect(tracker.retryNow({ submissionId })).rejects.toThrow(/has failed.*resumeSubmission/)
    expect(await tracker.retryNow()).toEqual({ submissions: 0, uploads: 0 })
    await tracker.resumeSubmission(submissionId)
    await eventsUntil(tracker, 'submission.accepted')
    expect(await stuckOf(tracker)).toEqual([])
  })

  test('and unknown IDs and reasons are refused with what to do', async () => {
    const tracker = trackerOn(await freshDatabase(), fastEmulator())
    await expect(tracker.retryNow({ submissionId: randomUUID() })).rejects.toThrow(
      /does not exist.*listStuck/,
    )
    await expect(tracker.retryNow({ batchTrackingId: randomUUID() })).rejects.toThrow(
      /does not exist.*listStuck/,
    )
    await expect(tracker.retryNow({ batchTrackingId: 'x' })).rejects.toThrow(/`batchTrackingId`.*GUID/)
    await expect(tracker.retryNow({ id: 'x' } as never)).rejects.toThrow(/`id`/)
    await expect(stuckOf(tracker, { reason: 'expired' as never })).rejects.toThrow(/`reason` must be one of/)
  })
})
