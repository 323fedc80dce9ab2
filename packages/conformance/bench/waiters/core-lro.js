import { createHttpPoller } from '@azure/core-lro'

export function createWaiter(baseUrl, fetch, intervalInMs) {
  const headers = { accept: 'application/json', authorization: 'Bearer token' }
  return async (customerId, batchTrackingId) => {
    const url = `${baseUrl}/customers/${customerId}/batchJobStatus/${batchTrackingId}`
    const request = { method: 'GET', url }
    const sendPollRequest = async () => {
      const response = await fetch(url, { headers })
      const body = JSON.parse(await response.text())
      // It knows only its own status values: it would never recognize the end that Partner Center reports.
      const status = body.status === 'finished' ? 'Succeeded' : 'Running'
      const rawResponse = { statusCode: 200, headers: {}, request, body: { ...body, status } }
      return { flatResponse: body, rawResponse }
    }
    const sendInitialRequest = async () => ({
      flatResponse: {},
      rawResponse: { statusCode: 202, headers: { 'operation-location': url }, request },
    })
    await createHttpPoller({ sendInitialRequest, sendPollRequest }, { intervalInMs }).pollUntilDone()
  }
}
