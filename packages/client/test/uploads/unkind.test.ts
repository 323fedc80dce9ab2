/** However inconvenient the undocumented behavior: no device ends as anything better than what the emulator did with it. */
import type { BatchUploadGroupReport, UploadChunk } from '@devicebatch/client'
import { createPartnerCenter, uploadDevices } from '@devicebatch/client'
import { appUser } from '@devicebatch/client/credentials'
import type { NewDevice } from '@devicebatch/contract'
import type { Emulator } from '@devicebatch/emulator'
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { wholeSnapshot } from '../../../emulator/test/whole-snapshot.ts'
import { customerId, elapse, moveTime, otherCustomerId } from '../helpers.ts'
import { laptop } from './group.ts'

beforeEach(moveTime)
afterEach(() => {
  vi.useRealTimers()
})

const seeds = Array.from({ length: Number(process.env.UNKIND_SEEDS ?? 20) }, (_, seed) => seed)

const placeholder = (hardwareHash: string): NewDevice => ({ ...laptop('Default string'), hardwareHash })
/** Three requests: devices that succeed and fail, two that share a placeholder, and two that differ only in their hashes. */
const devices: NewDevice[] = [
  laptop('S-0'),
  laptop('EMU808-1'),
  placeholder('AAAA'),
  placeholder('BBBB'),
  laptop('EMU640-4'),
  laptop('EMU806-5'),
  { hardwareHash: 'CCCC' },
  { hardwareHash: 'DDDD' },
  laptop('S-8'),
  laptop('EMU812-9'),
  laptop('S-10'),
]

/** How the device at this position ended, by the emulator's record; several times if its request was accepted twice. */
function recordOf(emulator: Emulator, chunk: UploadChunk, index: number): string[] {
  const uploads = wholeSnapshot(emulator).customers.flatMap((customer) => customer.uploads)
  return uploads
    .filter(({ requestId, batchTrackingId }) =>
      chunk.batchTrackingId === undefined
        ? requestId === chunk.requestId
        : batchTrackingId === chunk.batchTrackingId,
    )
    .map((upload) => upload.devices[index - chunk.fromIndex]!.outcome)
    .map((outcome) => {
      if (outcome.kind !== 'failed') return outcome.kind
      return outcome.errorCode === '806' ? 'already-registered' : 'failed'
    })
}

test.each(seeds)("seed %i: every device ends as in the emulator's record, or unresolved", async (seed) => {
  const emulator = createEmulator({ profile: 'unkind', seed })
  // One of those with only a hash belongs to somebody else.
  const taken = {
    customerId: otherCustomerId,
    batchId: 'B',
    devices: [{ serialNumber: undefined, hardwareHash: 'DDDD' }],
  }
  emulator.seed({ batches: [taken] })
  const { fetch } = emulator
  const credential = appUser({ ...emulatorCredentials, onRefreshToken: () => {}, fetch })
  const customer = createPartnerCenter({ credential, fetch }).customers.byId(customerId)
  let report: BatchUploadGroupReport
  try {
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices, chunkSize: 4 }))
    report = await elapse(group.wait({ maxFailures: 20 }))
  } catch (error) {
    // The only refusal that no later call can change.
    expect(error).toMatchObject({ code: 'api', status: 401, serviceCode: '900421' })
    return
  }
  expect(report.counts.total).toBe(devices.length)
  for (const { index, outcome } of report.rows) {
    const chunk = report.chunks.find(({ fromIndex, toIndex }) => fromIndex <= index && index < toIndex)!
    const record = recordOf(emulator, chunk, index)
    expect(['unresolved', ...record], `device ${index} of ${JSON.stringify(emulator.quirks)}`).toContain(
      outcome,
    )
  }
})
