/** The emulator's own record, for tests that compare it with what a program reports. */
import type { Emulator } from '@devicebatch/emulator'

import type { WholeSnapshot } from '../src/state/snapshot.ts'

/** A snapshot with its internal members. */
export function wholeSnapshot(emulator: Pick<Emulator, 'snapshot'>): WholeSnapshot {
  return emulator.snapshot() as WholeSnapshot
}
