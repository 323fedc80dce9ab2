/** Files that were read: kept in memory for a while, each under an id that cannot be guessed. */
import { randomUUID } from 'node:crypto'

import type { UploadPlan } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import type { DeviceNote, DeviceProblem } from '@devicebatch/csv'

/** A file that was read. */
export interface DeviceFile {
  fileName: string
  devices: readonly NewDevice[]
  /** The first of the rows that cannot be sent, and how many there are. */
  problems: readonly { line: number; problem: DeviceProblem }[]
  problemCount: number
  /** What is not sent of the rest, and how the file was read. */
  notes: readonly DeviceNote[]
}

/** A file that waits for a yes. */
export interface Check extends DeviceFile {
  customerId: string
  /** Absent when Partner Center did not tell it. */
  customerName?: string | undefined
  batchId: string
  /** What would be sent; absent when there is no device. */
  plan?: UploadPlan
  /** Whether the batch is created or added to; absent when Partner Center did not say. */
  operation?: 'create' | 'append'
  /** Why Partner Center did not say. */
  batchError?: unknown
}

/** What is kept for a while. */
export interface Kept<Value> {
  /** Keeps it and returns its id; the oldest ones go when there are too many. */
  keep(value: Value): string
  /** `undefined` when it was never there, or is there no more. */
  find(id: string): Value | undefined
}

const lifetimeMs = 30 * 60_000
/** With the largest file that is taken, this is what they take in memory at most. */
const most = 10

/** Keeps nothing yet. */
export function createKept<Value>(): Kept<Value> {
  const kept = new Map<string, { value: Value; until: number }>()
  return {
    keep(value) {
      const id = randomUUID()
      kept.set(id, { value, until: Date.now() + lifetimeMs })
      for (const [oldest] of [...kept].slice(0, Math.max(0, kept.size - most))) kept.delete(oldest)
      return id
    },
    find(id) {
      const found = kept.get(id)
      if (found && found.until > Date.now()) return found.value
      kept.delete(id)
      return undefined
    },
  }
}
