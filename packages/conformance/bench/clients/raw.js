/** What every other client is compared with: `fetch` and `JSON.parse`. */
export function createReader(baseUrl, token) {
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` }
  return async (customerId, batchTrackingId) => {
    const response = await fetch(`${baseUrl}/customers/${customerId}/batchJobStatus/${batchTrackingId}`, {
      headers,
    })
    return JSON.parse(await response.text())
  }
}
