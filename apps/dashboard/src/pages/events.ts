/** The stream of changes: server-sent events that resume after a lost connection. */
import type { Tracker } from '@devicebatch/tracker'
import type { Context } from 'hono'

import { logRefusal } from '../http/address.ts'
import type { Change, Listener } from '../live.ts'
import { checkSession } from '../sign-in/check-role.ts'
import { readCookie } from '../sign-in/cookies.ts'
import type { Site } from '../site.ts'

/** How long a reader may accept no data before it loses its place. */
const stallMs = 60_000

/** `GET /events?after=<position>`; when the browser reconnects, it sends the last position that it saw. */
export async function streamEvents(c: Context<Site>): Promise<Response> {
  // The response to HEAD has no body, so its place would never be freed.
  if (c.req.method !== 'GET') return c.body(null, 405, { Allow: 'GET' })
  const { live, tracker } = c.get('services')
  const after = c.req.header('Last-Event-ID') ?? c.req.query('after')
  const listener = await live.open()
  if (!listener) {
    logRefusal(c, 'event stream refused: too many are open, or the dashboard is stopping')
    return c.body(null, 503, { 'Retry-After': '30' })
  }
  let missed: Change | undefined
  try {
    // From here on every event is received, so nothing is lost in between.
    if (after !== undefined) missed = await changeAfter(tracker, after)
  } catch (error) {
    listener.close()
    throw error
  }
  const { session, services } = c.var
  const isAllowed = async (): Promise<boolean> =>
    session === undefined ||
    (services.sessions.find(readCookie(c, 'session')) === session &&
      (await checkSession(services, session)) === 'current')
  const body = streamOf({ listener, missed, isAllowed, ended: session?.ended.signal }, () => {
    logRefusal(c, 'event stream ended: its reader takes nothing')
    const bindings = c.env as Site['Bindings'] | undefined
    bindings?.incoming?.socket.destroy()
  })
  // Nginx would hold back what it receives until it has some kilobytes.
  return c.body(body, 200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
}

async function changeAfter(tracker: Tracker, after: string): Promise<Change | undefined> {
  for await (const { position } of tracker.events({ after, untilNow: true })) {
    return { position: (await tracker.lastPosition()) ?? position, ids: 'all' }
  }
  return undefined
}

/** What a stream sends, and for how long. */
interface Source {
  listener: Listener
  missed: Change | undefined
  /** Whether its reader is still signed in. */
  isAllowed: () => Promise<boolean>
  /** Aborts when the reader has signed out. */
  ended: AbortSignal | undefined
}

/** Reads from the listener only once the visitor has received the previous data, so that little is buffered here. */
function streamOf(
  { listener, missed, isAllowed, ended }: Source,
  onStall: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const gone = new AbortController()
  const signal = ended ? AbortSignal.any([gone.signal, ended]) : gone.signal
  // The browser considers the connection open once it has received something.
  let first: string | undefined = missed ? textOf(missed) : ': open\n\n'
  let stall: ReturnType<typeof setTimeout> | undefined
  const end = (): void => {
    clearTimeout(stall)
    gone.abort()
    listener.close()
  }
  const watch = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    stall = setTimeout(() => {
      end()
      onStall()
      controller.close()
    }, stallMs)
  }
  return new ReadableStream(
    {
      start: watch,
      async pull(controller) {
        clearTimeout(stall)
        const next = first ?? (await listener.next(signal))
        first = undefined
        if (gone.signal.aborted) return
        if (next === 'end' || !(await isAllowed())) {
          end()
          controller.close()
          return
        }
        controller.enqueue(encoder.encode(typeof next === 'string' ? next : textOf(next)))
        watch(controller)
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
}

function textOf(change: Change | undefined): string {
  if (!change) return ': nothing new\n\n'
  return `event: change\ndata: ${JSON.stringify(change.ids)}\nid: ${change.position}\nretry: 2000\n\n`
}
