/** Compares the tracker's results with what the emulator accepted, batch by batch and device by device. */
import type { Tracker, TrackerEvent } from '@devicebatch/tracker'

import type { EmulatorRecord } from './emulator-record.ts'
import { mostInAMinute } from './emulator-record.ts'
import type { PlannedBatch } from './plan.ts'

export interface Judged {
  tracker: Tracker
  record: EmulatorRecord
  planned: readonly PlannedBatch[]
  /** The events as they were read during the run. */
  followed: readonly Omit<TrackerEvent, 'data'>[]
  rateLimits: { partnerPerMinute: number; customerPerMinute: number }
}

/** Returns the violations; none if everything held. */
export async function judge({ tracker, record, planned, followed, rateLimits }: Judged): Promise<string[]> {
  const violations: string[] = []
  const none = (wrong: readonly unknown[], text: string): void => {
    if (wrong.length > 0)
      violations.push(`${wrong.length} ${text}, such as ${JSON.stringify(wrong[0])?.slice(0, 300)}`)
  }
  const byId = new Map(planned.map((batch) => [batch.submissionId, batch]))

  const submissions = new Map<string, string>()
  for await (const { submissionId, state } of tracker.listSubmissions()) submissions.set(submissionId, state)
  none(
    planned.filter(({ submissionId }) => submissions.get(submissionId) !== 'accepted'),
    'submissions were not accepted',
  )
  if (submissions.size !== planned.length)
    violations.push(`there are ${submissions.size} submissions, but ${planned.length} were submitted`)

  const taken = new Map(record.uploads.map((upload) => [upload.batchTrackingId, upload]))
  const timesTaken = countOf(record.uploads.map(({ customerId, batchId }) => `${customerId} ${batchId}`))
  none(
    planned.filter(({ customerId, batchId }) => timesTaken.get(`${customerId} ${batchId}`) !== 1),
    'batches were not accepted exactly once by the emulator',
  )
  none(repeated(record.uploads.map(({ requestId }) => requestId)), 'request IDs were accepted more than once')
  const devicesTaken = record.uploads.flatMap(({ devices }) => devices.map(([serialNumber]) => serialNumber))
  none(repeated(devicesTaken), 'devices were accepted more than once')

  const tracked = new Set<string>()
  const counted = new Map<string, number>()
  for await (const upload of tracker.listUploads()) {
    const { batchTrackingId, submissionId = '', state, counts } = upload
    tracked.add(batchTrackingId)
    counted.set(batchTrackingId, counts.total)
    const batch = byId.get(submissionId)
    const isRight =
      state === 'ended' &&
      counts.pending === 0 &&
      taken.get(batchTrackingId)?.batchId === batch?.batchId &&
      counts.total === batch?.serialNumbers.length
    if (!isRight) none([upload], 'upload did not end as it should have')
  }
  none(
    [...taken.keys()].filter((id) => !tracked.has(id)),
    'uploads are not tracked',
  )
  if (tracked.size !== taken.size)
    violations.push(`${tracked.size} uploads are tracked, but the emulator accepted ${taken.size}`)

  const told = new Map<string, string[]>()
  for await (const { batchTrackingId, serialNumber, outcome, errorCode } of tracker.listDevices()) {
    const devices = told.get(batchTrackingId)
    const device = `${serialNumber} ${outcome} ${errorCode ?? ''}`
    if (devices) devices.push(device)
    else told.set(batchTrackingId, [device])
  }
  none(
    record.uploads.filter(({ batchTrackingId, devices }) => {
      const right = devices.map(([serial, outcome, code = '']) => `${serial} ${outcome} ${code}`)
      const ours = told.get(batchTrackingId) ?? []
      return right.toSorted().join() !== ours.toSorted().join()
    }),
    'uploads differ from the emulator in devices or outcomes',
  )

  const events: TrackerEvent[] = []
  for await (const event of tracker.events({ untilNow: true })) events.push(event)
  const idsOf = (type: TrackerEvent['type'], id: 'submissionId' | 'batchTrackingId'): string[] =>
    events.filter((event) => event.type === type).map((event) => event[id] ?? '')
  for (const [type, id, all] of [
    ['submission.queued', 'submissionId', submissions],
    ['submission.accepted', 'submissionId', submissions],
    ['upload.tracked', 'batchTrackingId', tracked],
    ['upload.ended', 'batchTrackingId', tracked],
  ] as const) {
    const ids = countOf(idsOf(type, id))
    none(
      [...all.keys()].filter((one) => ids.get(one) !== 1),
      `do not have one event ${type}`,
    )
    none(
      [...ids.keys()].filter((one) => !all.has(one)),
      `have an event ${type} but are unknown`,
    )
  }
  none(
    events.filter(({ type }) => type === 'submission.failed' || type === 'upload.stopped'),
    'events tell of a failure',
  )
  if (followed.map(({ position }) => position).join() !== events.map(({ position }) => position).join())
    violations.push(
      `${followed.length} events were read during the run, but ${events.length} are stored, or in another order`,
    )

  const most = mostInAMinute(record.arrivals)
  if (most.partner > rateLimits.partnerPerMinute)
    violations.push(
      `${most.partner} requests for the partner in a minute, where ${rateLimits.partnerPerMinute} are allowed`,
    )
  if (most.customer > rateLimits.customerPerMinute)
    violations.push(
      `${most.customer} requests for a customer in a minute, where ${rateLimits.customerPerMinute} are allowed`,
    )
  return violations
}

function countOf(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}

function repeated(items: readonly string[]): string[] {
  return [...countOf(items)].filter(([, times]) => times > 1).map(([item]) => item)
}
