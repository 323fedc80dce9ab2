/**
 * One submission to a tracker on PGlite against an unkind emulator, until all of it that can end has ended. The emulator's clock is
 * advanced with each look at the tracker, so that on a slow machine nothing expires before it is used.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import type { NewDevice } from '@devicebatch/contract'
import type { Emulator } from '@devicebatch/emulator'
import { createEmulator } from '@devicebatch/emulator'
import type { TrackedDevice, TrackedSubmission, TrackedUpload, Tracker } from '@devicebatch/tracker'
import { createTracker } from '@devicebatch/tracker'

import { wholeSnapshot } from '../../../emulator/test/whole-snapshot.ts'
import type { Outcome, RunResult, Said, Upload } from './judge.ts'
import { describe, findLies, isSame } from './judge.ts'
import { customerId, drawDevices, known, loseResponses } from './scenario.ts'

/** The time between two looks, on the emulator's clock. */
const stepMs = 6_000
/** The minimum time to watch what may never end, such as an upload with a stuck device, on the emulator's clock. */
const patienceMs = 720_000
/** How often it must have been polled by then, however slow the machine is. */
const enoughPolls = 10
/** The same for the list of devices that shows whether a lost response's request was processed. */
const enoughLists = 2
/** How many requests the tracker must have sent by then for a submission that keeps failing. */
const enoughRequests = 20
/** Only a run whose tracker does nothing takes this many looks. */
const maxLooks = 1_000

/** A directory with an empty database to copy. */
export async function makeTemplate(directory: string): Promise<void> {
  await using tracker = createTracker({ database: { directory }, partner: { credential: () => 'none' } })
  await tracker.applyRetention()
}

export async function runTracker(seed: number, template: string): Promise<RunResult> {
  const emulator = createEmulator({
    profile: 'unkind',
    seed,
    queuedMs: 2_000,
    processingMs: 20_000,
  })
  emulator.seed(known)
  loseResponses(emulator, seed)
  const devices = drawDevices(seed)
  const errors: string[] = []
  const directory = await mkdtemp(join(tmpdir(), 'devicebatch-unkind-'))
  try {
    await cp(template, directory, { recursive: true })
    await using tracker = createTracker({
      database: { directory },
      partner: emulator.partnerOptions(),
      poll: { initialIntervalMs: 200, maxIntervalMs: 400 },
      rateLimits: { partnerPerMinute: 60_000, customerPerMinute: 60_000 },
      onError: (error) => errors.push(String(error)),
    })
    await tracker.start()
    const { submissionId } = await tracker.submit({
      customerId,
      batchId: 'Front desk',
      devices,
      chunkSize: 7,
    })
    for (let look = 0; look < maxLooks; look++) {
      const progress = await progressOf(tracker, emulator, submissionId)
      if (progress === 'ended' || (progress === 'waiting' && look * stepMs >= patienceMs)) break
      // What fails, such as a status that is not there yet, would be tried again after minutes.
      await tracker.retryNow()
      await pause(100)
      emulator.clock.advance(stepMs)
    }

    const submission = (await tracker.getSubmission(submissionId))!
    const tracked = await all(tracker.listUploads({ submissionId }))
    const listed = await all(tracker.listDevices())
    const { customers } = wholeSnapshot(emulator)
    const uploads = customers.find((customer) => customer.customerId === customerId)?.uploads ?? []
    const lies = [
      ...findLies(devices, deliveriesOf(submission), uploads),
      ...tracked.flatMap((upload) => liesOf(upload, listed, uploads)),
    ]
    const told = tracked.reduce((sum, { counts }) => {
      return sum + counts.succeeded + counts.alreadyRegistered + counts.failed
    }, 0)
    return { seed, lies, devices: devices.length, told, errors }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** `'waiting'`: the tracker has done what it can, as its requests show, and only more time could change anything. */
async function progressOf(
  tracker: Tracker,
  { requests }: Emulator,
  submissionId: string,
): Promise<'ended' | 'waiting' | 'busy'> {
  const gets = (end: string): number =>
    requests.filter(({ method, path }) => method === 'GET' && path.endsWith(end)).length
  const submission = (await tracker.getSubmission(submissionId))!
  if (submission.state === 'failed') return 'ended'
  if (submission.state !== 'accepted') {
    const hasTriedEnough = submission.error !== undefined && requests.length >= enoughRequests
    return hasTriedEnough || gets('/devices') >= enoughLists ? 'waiting' : 'busy'
  }

  const uploads = await all(tracker.listUploads({ submissionId }))
  const open = uploads.filter(({ state }) => state === 'tracking')
  if (open.length === 0) return 'ended'
  return open.every(({ batchTrackingId }) => gets(batchTrackingId) >= enoughPolls) ? 'waiting' : 'busy'
}

/** The submission's result for the devices whose response was lost. */
function deliveriesOf({ group }: TrackedSubmission): Said[] {
  return (group?.chunks ?? []).flatMap(({ settled }) =>
    settled
      ? [
          ...settled.landed.map((index) => ({ index, delivery: 'landed' })),
          ...settled.didNotLand.map((index) => ({ index, delivery: 'did-not-land' })),
        ].map((one) => ({ ...one, outcome: 'unresolved', batchTrackingId: undefined, position: 0 }))
      : [],
  )
}

/** Checks the outcome of an upload, its counts, and the result of each device in it. */
function liesOf(
  { batchTrackingId, state, outcome, counts }: TrackedUpload,
  listed: readonly TrackedDevice[],
  uploads: readonly Upload[],
): string[] {
  const devices = uploads.find((upload) => upload.batchTrackingId === batchTrackingId)?.devices
  if (!devices) return [`${batchTrackingId} is tracked, but nobody created it`]
  const lies: string[] = []
  const recorded = (name: string, of: readonly { outcome: Outcome }[]): number =>
    of.filter((device) => isSame(name, device.outcome)).length
  for (const [name, count] of [
    ['succeeded', counts.succeeded],
    ['already-registered', counts.alreadyRegistered],
    ['failed', counts.failed],
  ] as const) {
    const most = recorded(name, devices)
    if (count > most) lies.push(`${batchTrackingId}: ${count} ${name}; on record: ${most}`)
  }
  if (state === 'ended' && counts.total !== devices.length)
    lies.push(`${batchTrackingId}: ${counts.total} devices; on record: ${devices.length}`)
  const isDone = recorded('succeeded', devices) + recorded('already-registered', devices) === devices.length
  if (outcome === 'succeeded' && !isDone) lies.push(`${batchTrackingId} is reported as succeeded`)

  // The list has everything that the service listed, including foreign results and repeated ones. The counts above say how many.
  for (const device of listed) {
    const { serialNumber, productKey, outcome: said } = device
    if (device.batchTrackingId !== batchTrackingId || !claims.includes(said)) continue
    if (serialNumber === undefined && productKey === undefined) continue
    const alike = devices.filter((one) => keyOf(one) === keyOf(device))
    if (alike.length > 0 && recorded(said, alike) === 0)
      lies.push(`${keyOf(device)}: ${said}; on record: ${alike.map((one) => describe(one.outcome)).join()}`)
  }
  return lies
}

/** The outcomes that claim something. */
const claims = ['succeeded', 'already-registered', 'failed']

/** What the service returns about a device. */
function keyOf({ serialNumber, productKey }: Pick<NewDevice, 'serialNumber' | 'productKey'>): string {
  return JSON.stringify([serialNumber ?? '', productKey ?? ''])
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}
