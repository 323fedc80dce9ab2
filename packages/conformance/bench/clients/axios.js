import { create } from 'axios'

export function createReader(baseURL, token) {
  const api = create({ baseURL, headers: { authorization: `Bearer ${token}` } })
  return async (customerId, batchTrackingId) => {
    const { data } = await api.get(`/customers/${customerId}/batchJobStatus/${batchTrackingId}`)
    return data
  }
}
