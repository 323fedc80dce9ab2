/** One upload with the client against an unkind emulator, resumed as a patient user would, with time moved by the test. */
import type { BatchUploadGroup, BatchUploadGroupReport } from '@devicebatch/client'
import {
  createPartnerCenter,
  GroupWaitTimeoutError,
  uploadDevices,
  UploadInterruptedError,
} from '@devicebatch/client'
import { appUser } from '@devicebatch/client/credentials'
import type { Emulator } from '@devicebatch/emulator'
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'

import { wholeSnapshot } from '../../../emulator/test/whole-snapshot.ts'
import type { RunResult, Said } from './judge.ts'
import { findLies } from './judge.ts'
import { customerId, drawDevices, known, loseResponses } from './scenario.ts'

/** How often the user repeats an interrupted call. */
const patience = 6

export async function runClient(seed: number): Promise<RunResult> {
  const emulator = createEmulator({ profile: 'unkind', seed, queuedMs: 2_000, processingMs: 20_000 })
  emulator.seed(known)
  loseResponses(emulator, seed)
  const devices = drawDevices(seed)
  const errors: string[] = []
  const note = (error: unknown): void => {
    errors.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  }
  const group = await upload(emulator, devices, note)
  const report = group && (await waitFor(group, note))
  const said = report ? saidOf(report) : []
  const { customers } = wholeSnapshot(emulator)
  const uploads = customers.find((customer) => customer.customerId === customerId)?.uploads ?? []
  const lies = [...findLies(devices, said, uploads), ...(report ? miscounted(report) : [])]
  const told = said.filter(({ outcome }) => !['unresolved', 'pending'].includes(outcome)).length
  return { seed, lies, devices: devices.length, told, errors }
}

/** The group if the service finally accepted all of it; otherwise the part that it accepted. */
async function upload(
  emulator: Emulator,
  devices: ReturnType<typeof drawDevices>,
  note: (error: unknown) => void,
): Promise<BatchUploadGroup | undefined> {
  const { fetch } = emulator
  const credential = appUser({ ...emulatorCredentials, fetch, onRefreshToken: () => {} })
  const customer = createPartnerCenter({ credential, fetch }).customers.byId(customerId)
  let group: BatchUploadGroup | undefined
  for (let attempt = 0; attempt < patience; attempt++) {
    try {
      return await uploadDevices(customer, {
        batchId: 'Front desk',
        devices,
        chunkSize: 7,
        ...(group && { resume: group.toJSON() }),
      })
    } catch (error) {
      note(error)
      if (error instanceof UploadInterruptedError) ({ group } = error)
    }
  }
  return group
}

async function waitFor(
  group: BatchUploadGroup,
  note: (error: unknown) => void,
): Promise<BatchUploadGroupReport | undefined> {
  let report: BatchUploadGroupReport | undefined
  for (let attempt = 0; attempt < patience; attempt++) {
    try {
      return await group.wait({ timeoutMs: 600_000 })
    } catch (error) {
      note(error)
      if (error instanceof GroupWaitTimeoutError) ({ report } = error)
    }
  }
  return report
}

function saidOf({ rows, chunks }: BatchUploadGroupReport): Said[] {
  const sent = rows.filter(({ duplicateOf }) => duplicateOf === undefined)
  const isIn = (chunk: (typeof chunks)[number], index: number): boolean =>
    chunk.fromIndex <= index && index < chunk.toIndex
  return sent.map(({ index, outcome, delivery }): Said => {
    const chunk = chunks.find((one) => isIn(one, index))
    const position = sent.filter((row) => chunk && isIn(chunk, row.index) && row.index < index).length
    return { index, outcome, delivery, batchTrackingId: chunk?.batchTrackingId, position }
  })
}

/** Totals and outcome must match the rows. */
function miscounted({ rows, counts, outcome }: BatchUploadGroupReport): string[] {
  const sent = rows.filter(({ duplicateOf }) => duplicateOf === undefined)
  const tally = (name: string): number => sent.filter((row) => row.outcome === name).length
  const lies = Object.entries(counts).flatMap(([name, count]) => {
    const outcome = name === 'alreadyRegistered' ? 'already-registered' : name
    const expected = name === 'total' ? sent.length : tally(outcome)
    return count === expected ? [] : [`${name}: counted ${count}, but ${expected} rows say so`]
  })
  const isDone = sent.every((row) => ['succeeded', 'already-registered'].includes(row.outcome))
  return outcome === 'succeeded' && !isDone ? [...lies, 'the upload is reported as succeeded'] : lies
}
