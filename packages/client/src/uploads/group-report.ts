/** What is the outcome of every device of an upload in several requests, row by row? */
import type { DeviceUploadDetails } from '@devicebatch/contract'
import { isTerminal, wireText } from '@devicebatch/edge/internal'

import type { Match } from '../reports/match-results.ts'
import { judgeRows } from '../reports/report-rows.ts'
import { batchOutcome, countOutcomes } from '../reports/report.ts'
import type { BatchOutcome, BatchUploadReport, DeviceCounts, DeviceOutcome } from '../reports/report.ts'
import type { GroupParts } from './group-parts.ts'
import type { UploadChunk } from './saved-upload.ts'
import type { SentRow } from './settle.ts'

/**
 * Whether a device reached the service.
 *
 * - `'landed'`: it was accepted once, or it was found in the batch.
 * - `'did-not-land'`: it is not in the batch, although the service had enough time to add it: sending it again is safe.
 * - `'cannot-tell'`: it is unknown whether it was accepted, or whether it was accepted once or twice.
 */
export type DeviceDelivery = 'landed' | 'did-not-land' | 'cannot-tell'

/** The outcome of one of the devices that you passed. */
export interface UploadedRow {
  /** The position of the device, from 0. */
  index: number
  /** Its serial number, as it was passed. */
  serialNumber?: string
  /** Its Windows product ID (PKID), as it was passed. */
  productKey?: string
  /** Its manufacturer, as it was passed. */
  oemManufacturerName?: string
  /** Its model, as it was passed. */
  modelName?: string
  /** Whether it reached the service. */
  delivery: DeviceDelivery
  /** Its outcome. */
  outcome: DeviceOutcome
  /**
   * Its result, found by serial number and product key, because the service returns nothing else. A row that has only a hardware
   * hash is `unmatchable`: always send a serial number with it.
   */
  match: Match
  /** It was left out because it is identical to the device at this position, and has the same outcome. */
  duplicateOf?: number
}

/** One request of an upload, and its outcome. */
export interface ChunkReport extends UploadChunk {
  /** The service's status value; absent until the first response. */
  status?: string
  /** When it started, ISO 8601 in UTC; absent until then. */
  startedAt?: string
  /** When it ended, ISO 8601 in UTC; absent until then. */
  completedAt?: string
  /** Its outcome, determined by its devices. */
  outcome: BatchOutcome
  /** Device counts by outcome. */
  counts: DeviceCounts
  /** The service no longer knows this tracking ID: results that it has not sent yet cannot be obtained. */
  lost?: true
}

/** The result of an upload in one or more requests. Plain JSON. */
export interface BatchUploadGroupReport {
  /** The customer's Microsoft Entra tenant ID, a GUID. */
  customerId: string
  /** The name of the batch, as the service spells it. */
  batchId: string
  /** Determined by the devices of all requests. */
  outcome: BatchOutcome
  /** Counts of the devices that were sent, without duplicates. A device without a result is pending, or finally unresolved. */
  counts: DeviceCounts
  /** Each request, in the order of the devices. */
  chunks: ChunkReport[]
  /** Every device that you passed, in order. */
  rows: UploadedRow[]
  /** Every result, as the service last sent it. */
  devices: DeviceUploadDetails[]
  /** The results of the devices that failed, as the service sent them. */
  failures: DeviceUploadDetails[]
  /** Results that match no row; they are not counted. */
  unmatched: DeviceUploadDetails[]
  /** Surplus results: there are more of them than matching rows. They are not counted. */
  repeated: DeviceUploadDetails[]
  /** Status values that the contract does not know, each once per place. */
  unrecognized: { path: string; value: string }[]
  /** True when the responses came from the emulator: nothing was sent to Microsoft. */
  emulated?: true
}

/** What is known about a chunk so far. */
export interface ChunkProgress {
  report?: BatchUploadReport
  lost?: true
}

/** The report of one chunk, with its rows. */
export interface ChunkResult {
  report: ChunkReport
  rows: UploadedRow[]
  details: BatchUploadReport | undefined
  unmatched: DeviceUploadDetails[]
  repeated: DeviceUploadDetails[]
}

/** Makes the report of one chunk. */
export function reportChunk(
  chunk: UploadChunk,
  rows: readonly SentRow[],
  { report, lost }: ChunkProgress,
): ChunkResult {
  const ended = lost ?? (report ? isTerminal(report.status) : chunk.batchTrackingId === undefined)
  // Rows that were not read again have nothing to match by.
  const sent: readonly SentRow[] =
    rows.length > 0 ? rows : Array.from({ length: chunk.deviceCount }, () => ({ index: -1 }))
  const judged = judgeRows(report?.devices ?? [], sent, ended)
  const landed = new Set(chunk.settled?.landed)
  const outcomes = judged.rows.map(({ outcome }, at) => (landed.has(sent[at]!.index) ? 'succeeded' : outcome))
  const deliveryOf = deliveries(chunk)
  const counts = countOutcomes(outcomes)
  return {
    report: {
      ...chunk,
      ...(report && { status: report.status }),
      ...(report?.startedAt !== undefined && { startedAt: report.startedAt }),
      ...(report?.completedAt !== undefined && { completedAt: report.completedAt }),
      outcome: batchOutcome(ended, counts),
      counts,
      ...(lost && { lost }),
    },
    rows: rows.map((row, at): UploadedRow => {
      const { index } = row
      const texts = (['serialNumber', 'productKey', 'oemManufacturerName', 'modelName'] as const).flatMap(
        (name) => (wireText(row[name]) ? [[name, wireText(row[name])] as const] : []),
      )
      return {
        index,
        ...Object.fromEntries(texts),
        delivery: deliveryOf(index),
        outcome: outcomes[at]!,
        match: judged.rows[at]!.match,
      }
    }),
    details: report,
    unmatched: judged.unmatched,
    repeated: judged.repeated,
  }
}

/** Combines the reports of the chunks. */
export function reportGroup(parts: GroupParts, results: readonly ChunkResult[]): BatchUploadGroupReport {
  const { customerId, batchId } = parts
  const counts = countOutcomes([])
  for (const { report } of results) {
    for (const name of Object.keys(counts) as (keyof DeviceCounts)[]) counts[name] += report.counts[name]
  }
  const unrecognized = new Map(
    results
      .flatMap(({ details }) => details?.unrecognized ?? [])
      .map((word) => [`${word.path} ${word.value}`, word]),
  )
  // Computed on first access: a large upload makes hundreds of reports, and most are read for their counts only.
  const rows = once(() =>
    inOrder(
      results.flatMap((chunk) => chunk.rows),
      parts,
    ),
  )
  const devices = once(() => results.flatMap(({ details }) => details?.devices ?? []))
  const failures = once(() => results.flatMap(({ details }) => details?.failures ?? []))
  const unmatched = once(() => results.flatMap((chunk) => chunk.unmatched))
  const repeated = once(() => results.flatMap((chunk) => chunk.repeated))
  const isPending = results.some(({ report }) => report.outcome === 'pending')
  return {
    customerId,
    batchId,
    outcome: batchOutcome(!isPending, counts),
    counts,
    chunks: results.map(({ report }) => report),
    get rows() {
      return rows()
    },
    get devices() {
      return devices()
    },
    get failures() {
      return failures()
    },
    get unmatched() {
      return unmatched()
    },
    get repeated() {
      return repeated()
    },
    unrecognized: [...unrecognized.values()],
    ...(results.some(({ details }) => details?.emulated) && { emulated: true }),
  }
}

/** Computes a value when it is first asked for. */
function once<Value>(compute: () => Value): () => Value {
  let value: Value | undefined
  return () => (value ??= compute())
}

function deliveries({ batchTrackingId, repeated, settled }: UploadChunk): (index: number) => DeviceDelivery {
  const didNotLand = new Set(settled?.didNotLand)
  const cannotTell = new Set(settled?.cannotTell)
  const isKnown = !repeated && (batchTrackingId !== undefined || settled !== undefined)
  return (index) => {
    if (didNotLand.has(index)) return 'did-not-land'
    return isKnown && !cannotTell.has(index) ? 'landed' : 'cannot-tell'
  }
}

/** All rows in the order of the devices, including the duplicates. */
function inOrder(rows: readonly UploadedRow[], { duplicates }: GroupParts): UploadedRow[] {
  if (duplicates.length === 0) return [...rows]
  const byIndex = new Map(rows.map((row) => [row.index, row]))
  const others = duplicates.flatMap(({ index, firstIndex }): UploadedRow[] => {
    const first = byIndex.get(firstIndex)
    return first ? [{ ...first, index, duplicateOf: firstIndex }] : []
  })
  return [...rows, ...others].toSorted((one, other) => one.index - other.index)
}
