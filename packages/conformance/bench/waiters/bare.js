/**
 * The baseline for all other ways of waiting: `fetch`, `JSON.parse` and a timer, with the jitter of `wait()`. Without jitter a loop
 * costs less, because many of its timers and requests coincide.
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
