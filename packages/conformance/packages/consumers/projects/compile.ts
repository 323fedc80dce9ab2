import { createPartnerCenter, summarize } from '@devicebatch/client'
import type { BatchOutcome, BatchUploadReport } from '@devicebatch/client'
import { appOnly } from '@devicebatch/client/credentials'
import type { BatchUploadDetails, NewDevice, paths } from '@devicebatch/contract'
import { readDevices, formatReport } from '@devicebatch/csv'
import { createPartnerFetch, getBatchUploadStatus } from '@devicebatch/edge'
import type { PartnerFetch } from '@devicebatch/edge'
import { createEmulator } from '@devicebatch/emulator'

const credential = appOnly({ tenantId: 'contoso.onmicrosoft.com', clientId: 'id', clientSecret: 'secret' })
const customer = createPartnerCenter({ credential }).customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')

export async function upload(file: AsyncIterable<Uint8Array>): Promise<BatchUploadReport> {
  const devices: NewDevice[] = []
  for await (const { device } of readDevices(file)) if (device) devices.push(device)
  const accepted = await customer.deviceBatches.create({ batchId: 'Front desk', devices })
  return accepted.wait({ timeoutMs: 60_000 })
}

export const partnerFetch: PartnerFetch = createPartnerFetch({ credential, fetch: createEmulator().fetch })
export const status: Promise<BatchUploadDetails> = getBatchUploadStatus(partnerFetch, {
  customerId: '',
  batchTrackingId: '',
})
export const csv = (details: BatchUploadDetails): AsyncIterable<string> =>
  formatReport(summarize(details), [])
export type Path = keyof paths

// If the types were not found, they would be `any`, and these lines not errors.
// @ts-expect-error -- not an outcome
export const outcome: BatchOutcome = 'almost'
// @ts-expect-error -- a call has an ID
void getBatchUploadStatus(partnerFetch, {})
// @ts-expect-error -- no such path
export const path: Path = '/nowhere'
// @ts-expect-error -- no such option
createEmulator({ unknown: true })
