/**
 * One submission to a tracker on PGlite against an unkind emulator whose clock runs fast, until all of it that can end has ended.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import type { NewDevice } from '@devicebatch/contract'
import { createEmulator } from '@devicebatch/emulator'
import type { TrackedDevice, TrackedSubmission, TrackedUpload, Tracker } from '@devicebatch/tracker'
import { createTracker } from '@devicebatch/tracker'

import { wholeSnapshot } from '../../../emulator/test/whole-snapshot.ts'
import type { Outcome, RunResult, Said, Upload } from './judge.ts'
import { describe, findLies, isSame } from './judge.ts'
import { customerId, drawDevices, known, loseResponses } from './scenario.ts'

/** A device that is stuck keeps its upload open forever. */
const patienceMs = 12_000

/** A directory with an empty database to copy. */
export async function makeTemplate(directory: string): Promise<void> {
  await using tracker = createTracker({ database: { directory }, partner: { credential: () => 'none' } })
  await tracker.applyRetention()
}

export async function runTracker(seed: number, template: string): Promise<RunResult> {
  const emulator = createEmulator({
    profile: 'unkind',
    seed,
    timeScale: 60,
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
    const endsAt = performance.now() + patienceMs
    while (performance.now() < endsAt && !(await hasEnded(tracker, submissionId))) await pause(100)

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

async function hasEnded(tracker: Tracker, submissionId: string): Promise<boolean> {
  const submission = await tracker.getSubmission(submissionId)
  if (submission?.state === 'failed') return true
  if (submission?.state !== 'accepted') return false
  const uploads = await all(tracker.listUploads({ submissionId }))
  return uploads.every(({ state }) => state === 'ended' || state === 'stopped')
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
