/** What a careful developer writes in an afternoon: token, ids, timeouts for attempt and call, retries, an error. */
export function createReader(baseUrl, token) {
  const send = createSend(() => token)
  return async (customerId, batchTrackingId) => {
    const path = `/customers/${encodeURIComponent(customerId)}/batchJobStatus/${encodeURIComponent(batchTrackingId)}`
    const { ok, status, text } = await send(baseUrl + path)
    if (!ok) throw Object.assign(new Error(`The service answered ${status}.`), { status })
    return JSON.parse(text)
  }
}

const retryable = new Set([408, 429, 500, 502, 503, 504])

/** A function that sends a request up to four times and reads its response. */
export function createSend(getToken) {
  return async (url, { method = 'GET', headers, body, signal } = {}) => {
    const ids = { 'ms-requestid': crypto.randomUUID(), 'ms-correlationid': crypto.randomUUID() }
    const endsAt = performance.now() + 120_000
    for (let retries = 0; ; retries++) {
      const limit = new AbortController()
      const onAbort = () => limit.abort(signal.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
      const timer = setTimeout(
        () => limit.abort(new Error('Time is up.')),
        Math.min(60_000, endsAt - performance.now()),
      )
      let delayMs = 500 * 2 ** retries * (0.5 + Math.random() / 2)
      try {
        const authorization = `Bearer ${await getToken()}`
        const response = await fetch(url, {
          method,
          headers: { accept: 'application/json', ...headers, ...ids, authorization },
          body,
          redirect: 'manual',
          signal: limit.signal,
        })
        const { ok, status } = response
        const text = await response.text()
        if (retries === 3 || !retryable.has(status)) return { ok, status, headers: response.headers, text }
        delayMs = 1_000 * Number(response.headers.get('retry-after')) || delayMs
      } catch (error) {
        if (retries === 3 || signal?.aborted) throw error
      } finally {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      await new Promise((resolve) => setTimeout(resolve, delayMs))
    }
  }
}
