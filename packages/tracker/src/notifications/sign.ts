/** The headers of Standard Webhooks, by which a receiver knows that a notification is genuine. */
import { createHmac } from 'node:crypto'

import { readSecret } from './webhook-settings.ts'

/** What is signed. */
export interface SignedMessage {
  /** The same in every attempt. */
  id: string
  /** The time of the attempt. */
  sentAt: Date
  body: string
}

/** Signs a message with each secret: a receiver accepts it if it knows one of them. */
export function signedHeaders(
  { id, sentAt, body }: SignedMessage,
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = Math.floor(sentAt.getTime() / 1_000)
  const signatures = secrets.map((secret) => {
    const hmac = createHmac('sha256', readSecret(secret)!)
    return `v1,${hmac.update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': signatures.join(' '),
  }
}
