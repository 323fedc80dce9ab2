/**
 * What every other way of waiting is compared with: `fetch`, `JSON.parse` and a timer, with the jitter of `wait()`: a loop in step
 * costs less, because many of its timers and requests fall together.
 */
export function createWaiter(baseUrl, fetch, intervalMs) {
  const headers = { accept: 'application/json', authorization: 'Bearer token' }
  return async (customerId, batchTrackingId) => {
    for (;;) {
      const response = await fetch(`${baseUrl}/customers/${customerId}/batchJobStatus/${batchTrackingId}`, {
        headers,
      })
      const details = JSON.parse(await response.text())
      if (details.status === 'finished') return
      await new Promise((resolve) => setTimeout(resolve, intervalMs * (1 - Math.random() / 10)))
    }
  }
}
