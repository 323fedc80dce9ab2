import { request } from '@octokit/request'

export function createReader(baseUrl, token) {
  const api = request.defaults({ baseUrl, headers: { authorization: `Bearer ${token}` } })
  return async (customerId, batchTrackingId) => {
    const { data } = await api('GET /customers/{customerId}/batchJobStatus/{batchTrackingId}', {
      customerId,
      batchTrackingId,
    })
    return data
  }
}
