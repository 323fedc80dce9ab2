/** A client library that Stainless generated, as many services have one: its own `get` for a path. */
import OpenAI from 'openai'

export function createReader(baseURL, apiKey) {
  const api = new OpenAI({ baseURL, apiKey, maxRetries: 3, dangerouslyAllowBrowser: true })
  return (customerId, batchTrackingId) =>
    api.get(`/customers/${customerId}/batchJobStatus/${batchTrackingId}`)
}
