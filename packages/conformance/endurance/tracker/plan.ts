/** The batches of a run: one customer has a tenth of them, many have ten each, and as many have one. */
import { randomUUID } from 'node:crypto'

import type { NewDevice } from '@devicebatch/contract'

import { seededRandom } from '../../shared/seeded-random.ts'

export const devicesInBatch = 50

/** A batch to submit. */
export interface PlannedBatch {
  submissionId: string
  customerId: string
  batchId: string
  serialNumbers: string[]
  /** How many batches its customer has in this run. */
  ofCustomer: number
}

/** Each batch with its own customer. */
export function planDistinct(count: number, seed: number): PlannedBatch[] {
  return Array.from({ length: count }, (_, index) => planSingle(index, seed))
}

/** The large customer's batches come first, so that all others queue behind them. */
export function planBatches(count: number, seed: number): PlannedBatch[] {
  const random = seededRandom(seed)
  const customers = [{ customerId: randomUUID(), batches: Math.ceil(count / 10) }]
  for (let left = count - customers[0]!.batches; left > 0;) {
    const batches = Math.min(left, random() < 0.5 ? 1 : 10)
    customers.push({ customerId: randomUUID(), batches })
    left -= batches
  }
  let index = 0
  const [large, ...others] = customers.map(({ customerId, batches }) =>
    Array.from({ length: batches }, () => planBatch(customerId, batches, index++, random)),
  )
  return [...large!, ...shuffled(others.flat(), random)]
}

/** A batch whose customer has no other. */
export function planSingle(index: number, seed: number): PlannedBatch {
  return planBatch(randomUUID(), 1, index, seededRandom(seed + index))
}

/** What is submitted for it. */
export function devicesOf({ serialNumbers }: PlannedBatch): NewDevice[] {
  return serialNumbers.map((serialNumber) => ({
    serialNumber,
    oemManufacturerName: 'HP',
    modelName: 'HP EliteBook 840 14 inch G10 Notebook PC',
  }))
}

function planBatch(
  customerId: string,
  ofCustomer: number,
  index: number,
  random: () => number,
): PlannedBatch {
  const serialNumbers = Array.from({ length: devicesInBatch }, (_, at) => {
    const serial = `5CG${String(index).padStart(6, '0')}${String(at).padStart(2, '0')}`
    const chance = random()
    return chance < 0.9 ? serial : `${prefixes[Math.floor(chance * 1_000) % prefixes.length]}${serial}`
  })
  return { submissionId: randomUUID(), customerId, batchId: `Batch ${index}`, serialNumbers, ofCustomer }
}

/** Prefixes of serial numbers that the emulator fails, each in its own way. */
const prefixes = ['EMU808-', 'EMU806-', 'EMU812-', 'EMU640-', 'EMUUNKNOWN-']

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item)
}
