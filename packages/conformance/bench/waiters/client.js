import { createPartnerCenter } from '@devicebatch/client'

export function createWaiter(baseUrl, fetch, intervalMs) {
  const getToken = async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 })
  const partner = createPartnerCenter({ baseUrl, fetch, credential: { getToken } })
  const schedule = { initialIntervalMs: intervalMs, maxIntervalMs: intervalMs }
  return (customerId, batchTrackingId) =>
    partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId).wait(schedule)
}
