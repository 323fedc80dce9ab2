/** Files that were read: kept in memory for a while, each with an unguessable ID. */
import { randomUUID } from 'node:crypto'

import type { UploadPlan } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import type { DeviceNote, DeviceProblem, RowIdentity } from '@devicebatch/csv'

/** A file that has been read. */
export interface DeviceFile {
  fileName: string
  devices: readonly NewDevice[]
  /** The rows that cannot be sent. */
  problems: readonly { line: number; problem: DeviceProblem; identity: RowIdentity }[]
  /** What is not sent from the other rows, and how the file was read. */
  notes: readonly DeviceNote[]
  /** The character between two cells. */
  delimiter: string
}

/** A file that waits for confirmation. */
export interface Check extends DeviceFile {
  customerId: string
  /** Absent if Partner Center did not return it. */
  customerName?: string | undefined
  batchId: string
  /** What would be sent; absent if there is no device. */
  plan?: UploadPlan
  /** Whether the batch is created or added to; absent if Partner Center did not say. */
  operation?: 'create' | 'append'
  /** Why Partner Center did not say. */
  batchError?: unknown
}

/** Items that are kept for a while. */
export interface Kept<Value> {
  /** Keeps it and returns its ID; drops the oldest ones if there are too many. */
  keep(value: Value): string
  /** `undefined` if it never existed or is no longer kept. */
  find(id: string): Value | undefined
}

const lifetimeMs = 30 * 60_000
/** Limits their memory use, given the largest accepted file. */
const most = 10

/** Creates an empty store. */
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
