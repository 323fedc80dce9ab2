import ky from 'ky'

export function createReader(baseUrl, token) {
  const api = ky.create({ headers: { authorization: `Bearer ${token}` }, retry: 3 })
  return (customerId, batchTrackingId) =>
    api.get(`${baseUrl}/customers/${customerId}/batchJobStatus/${batchTrackingId}`).json()
}
