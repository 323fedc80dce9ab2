/** The page that never ends: what changed, as server-sent events that resume after a lost connection. */
import type { Tracker } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'

import { logRefusal } from '../http/address.ts'
import type { Change } from '../live.ts'
import type { Site } from '../site.ts'
import { logFailure } from './errors.ts'

/** `GET /events?after=<position>`; the browser tells the last position that it saw when it connects again. */
export async function streamEvents(c: Context<Site>): Promise<Response> {
  // The answer to HEAD has no body whose end would free the place.
  if (c.req.method !== 'GET') return c.body(null, 405, { Allow: 'GET' })
  const { live, tracker } = c.get('services')
  const after = c.req.header('Last-Event-ID') ?? c.req.query('after')
  const listener = await live.open()
  if (!listener) {
    logRefusal(c, 'event stream refused: too many are open')
    return c.body(null, 503, { 'Retry-After': '30' })
  }
  let missed: Change | undefined
  try {
    // From here on everything is heard, so nothing is lost between the two.
    if (after !== undefined) missed = await changeAfter(tracker, after)
  } catch (error) {
    listener.close()
    throw error
  }
  return streamSSE(c, async (stream) => {
    try {
      const gone = new AbortController()
      stream.onAbort(() => gone.abort())
      const tell = ({ position, ids }: Change): Promise<void> =>
        stream.writeSSE({ event: 'change', id: position, data: JSON.stringify(ids), retry: 2_000 })
      // The browser takes the connection for open when something has come.
      if (missed) await tell(missed)
      else await stream.write(': open\n\n')
      while (!gone.signal.aborted) {
        const change = await listener.next(gone.signal)
        if (change) await tell(change)
        else await stream.write(': nothing new\n\n')
      }
    } catch (error) {
      logFailure(c, error as Error)
    } finally {
      listener.close()
    }
  })
}

async function changeAfter(tracker: Tracker, after: string): Promise<Change | undefined> {
  for await (const { position } of tracker.events({ after, untilNow: true })) {
    return { position: (await tracker.lastPosition()) ?? position, ids: 'all' }
  }
  return undefined
}
