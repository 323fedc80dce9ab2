import type { BatchOutcome } from 'npm:@devicebatch/client'
import type { BatchUploadDetails } from 'npm:@devicebatch/contract'
import { createPartnerFetch, getBatchUploadStatus } from 'npm:@devicebatch/edge'

import { uploadDevices } from './upload-devices.js'

const [baseUrl, token] = Deno.args as [string, string]
// If the types were not found, they would be `any`, and the next line not an error.
// @ts-expect-error -- not an outcome
export const outcome: BatchOutcome = 'almost'
export const read: Promise<BatchUploadDetails> = getBatchUploadStatus(
  createPartnerFetch({ baseUrl, credential: () => token }),
  {
    customerId: '47021739-3426-40bf-9601-61b4b6d7c793',
    batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
  },
)
await read
console.log(JSON.stringify(await uploadDevices(baseUrl, token)))
