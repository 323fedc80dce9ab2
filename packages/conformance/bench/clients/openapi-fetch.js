import createClient from 'openapi-fetch'

export function createReader(baseUrl, token) {
  const api = createClient({ baseUrl, headers: { authorization: `Bearer ${token}` } })
  return async (customerId, batchTrackingId) => {
    const { data } = await api.GET('/customers/{customerId}/batchJobStatus/{batchTrackingId}', {
      params: { path: { customerId, batchTrackingId } },
    })
    return data
  }
}
