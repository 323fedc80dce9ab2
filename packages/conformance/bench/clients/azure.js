/** Without its own credentials, which refuse http. */
import { getClient } from '@azure-rest/core-client'

export function createReader(baseUrl, token) {
  const api = getClient(baseUrl, { allowInsecureConnection: true })
  const headers = { authorization: `Bearer ${token}` }
  return async (customerId, batchTrackingId) => {
    const { body } = await api
      .path('/customers/{customerId}/batchJobStatus/{batchTrackingId}', customerId, batchTrackingId)
      .get({ headers })
    return body
  }
}
