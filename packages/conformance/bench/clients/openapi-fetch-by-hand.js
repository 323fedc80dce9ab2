/** openapi-fetch with token, ids, timeouts and retries in the `fetch` passed to it. */
import createClient from 'openapi-fetch'

import { createSend } from './hand-written.js'

export function createReader(baseUrl, token) {
  const send = createSend(() => token)
  const api = createClient({
    baseUrl,
    async fetch(request) {
      const { url, method, signal } = request
      const body = method === 'GET' ? undefined : await request.arrayBuffer()
      const answer = await send(url, { method, headers: Object.fromEntries(request.headers), body, signal })
      return new Response(answer.text, { status: answer.status, headers: answer.headers })
    },
  })
  return async (customerId, batchTrackingId) => {
    const { data } = await api.GET('/customers/{customerId}/batchJobStatus/{batchTrackingId}', {
      params: { path: { customerId, batchTrackingId } },
    })
    return data
  }
}
