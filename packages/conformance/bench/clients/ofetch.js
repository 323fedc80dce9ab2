import { ofetch } from 'ofetch'

export function createReader(baseURL, token) {
  const api = ofetch.create({ baseURL, headers: { authorization: `Bearer ${token}` }, retry: 3 })
  return (customerId, batchTrackingId) => api(`/customers/${customerId}/batchJobStatus/${batchTrackingId}`)
}
