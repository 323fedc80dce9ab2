/** The smallest program that waits for an upload through client. */
import { createPartnerCenter } from '@devicebatch/client'

const partner = createPartnerCenter({ credential: () => 'token' })
const customer = partner.customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
console.log(await customer.batchUploadStatus.byId('0127ed8e-ff72-4983-a3d8-e8d8bd378932').wait())
