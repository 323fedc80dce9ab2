/** Files that were read and wait for a yes: kept in memory for a while, each under an id that cannot be guessed. */
import { randomUUID } from 'node:crypto'

import type { UploadPlan } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import type { DeviceNote, DeviceProblem } from '@devicebatch/csv'

/** What came of reading a file. */
export interface Check {
  fileName: string
  customerId: string
  /** Absent when Partner Center did not tell it. */
  customerName?: string | undefined
  batchId: string
  devices: readonly NewDevice[]
  /** The first of the rows that cannot be sent, and how many there are. */
  problems: readonly { line: number; problem: DeviceProblem }[]
  problemCount: number
  /** What is not sent of the rest, and how the file was read. */
  notes: readonly DeviceNote[]
  /** What would be sent; absent when there is no device. */
  plan?: UploadPlan
  /** Whether the batch is created or added to; absent when Partner Center did not t. */
  operation?: 'create' | 'append'
  /** Why Partner Center did not t. */
  batchError?: unknown
}

export interface Checks {
  /** Keeps it; the oldest ones go when there are too many. */
  keep(check: Check): string
  /** `undefined` when it was never there, or is there no more. */
  find(id: string): Check | undefined
}

const lifetimeMs = 30 * 60_000
/** With the largest file that is taken, this is what they take in memory at most. */
const most = 10

export function createChecks(): Checks {
  const kept = new Map<string, { check: Check; until: number }>()
  return {
    keep(check) {
      const id = randomUUID()
      kept.set(id, { check, until: Date.now() + lifetimeMs })
      for (const [oldest] of [...kept].slice(0, Math.max(0, kept.size - most))) kept.delete(oldest)
      return id
    },
    find(id) {
      const found = kept.get(id)
      if (found && found.until > Date.now()) return found.check
      kept.delete(id)
      return undefined
    },
  }
}
