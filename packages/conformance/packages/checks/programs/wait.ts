/** The smallest program that waits for an upload, without the rest of client. */
import { batchUpload, createPartnerFetch } from '@devicebatch/client'

const partnerFetch = createPartnerFetch({ credential: () => 'token' })
const upload = {
  customerId: '47021739-3426-40bf-9601-61b4b6d7c793',
  batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
}
console.log(await batchUpload(partnerFetch, upload).wait())
