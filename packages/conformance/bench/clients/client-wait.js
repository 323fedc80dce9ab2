/** The client's `wait()` for a batch that has ended: one request, and a report made from the response. */
import { createPartnerCenter } from '@devicebatch/client'

export function createReader(baseUrl, token) {
  const getToken = async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 })
  const partner = createPartnerCenter({ baseUrl, credential: { getToken } })
  return (customerId, batchTrackingId) =>
    partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId).wait()
}
