import { createPartnerFetch, getBatchUploadStatus } from '@devicebatch/edge'

export function createReader(baseUrl, token) {
  const getToken = async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 })
  const partnerFetch = createPartnerFetch({ baseUrl, credential: { getToken } })
  return (customerId, batchTrackingId) => getBatchUploadStatus(partnerFetch, { customerId, batchTrackingId })
}
