/** Uploads in several requests whose results the test decides. */
import type { BatchUploadGroup } from '@devicebatch/client'
import { uploadDevices } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'

import type { Answer } from '../helpers.ts'
import { customerId, json, partnerOn, text } from '../helpers.ts'

export const laptop = (serialNumber: string) => ({
  serialNumber,
  oemManufacturerName: 'Contoso',
  modelName: 'Tablet 3',
})
export const laptops = (count: number) => Array.from({ length: count }, (_, index) => laptop(`S-${index}`))

/** A tracking ID for each chunk, and a group whose statuses the test decides. */
export const idOf = (at: number): string => `0127ed8e-ff72-4983-a3d8-e8d8bd37893${at}`
export async function groupOn(
  devices: NewDevice[],
  chunkSize: number,
  statusOf: (at: number, poll: number) => Answer,
): Promise<{ group: BatchUploadGroup; polls: number[] }> {
  const polls: number[] = []
  let uploads = 0
  const { partner } = partnerOn((one) => {
    if (one.method === 'POST') {
      return text(202, null, { Location: `/customers/${customerId}/batchJobStatus/${idOf(uploads++)}` })(one)
    }
    const at = Number(/batchJobStatus\/.*(\d)$/.exec(one.url)?.[1] ?? NaN)
    if (Number.isNaN(at)) return json(200, [])(one)
    polls.push(at)
    return statusOf(at, polls.filter((other) => other === at).length)(one)
  })
  const group = await uploadDevices(partner.customers.byId(customerId), { batchId: 'B', devices, chunkSize })
  return { group, polls }
}
export const finished = (at: number, rows: object[], more: object = {}): Answer =>
  json(200, { batchTrackingId: idOf(at), status: 'finished', devicesStatus: rows, ...more })
export const processing = (at: number, rows: object[]): Answer =>
  json(200, { batchTrackingId: idOf(at), status: 'processing', devicesStatus: rows })
export const done = (serialNumber: string, more: object = {}) => ({
  serialNumber,
  status: 'finished',
  ...more,
})
