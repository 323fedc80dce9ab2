/** For load balancers, containers and monitoring: `/healthz`, `/readyz` and `/metrics`. No sign-in, no cookies, no data of customers. */
import { setTimeout as sleep } from 'node:timers/promises'

import { metricsContentType } from '@devicebatch/tracker'
import type { Tracker } from '@devicebatch/tracker'
import { Hono } from 'hono'
import type { Context } from 'hono'

import { isSameSecret } from '../http/same-secret.ts'
import type { Log } from '../log.ts'
import type { Site } from '../site.ts'

/** The probes, and what they need to be told. */
export interface Probes {
  routes: Hono<Site>
  /** From now on, `/readyz` says that the dashboard is stopping. */
  stop(): void
}

/** What the probes need. */
export interface ProbeOptions {
  tracker: Tracker
  /** What to send as `Authorization: Bearer` to `/metrics`; without it, there are none. */
  metricsToken: string | undefined
  log: Log
}

/** Anybody may ask, so the database is asked no more often than this. */
const freshMs = 1_000
/** A database that takes longer counts as not there. */
const limitMs = 5_000

/** Creates them. */
export function createProbes({ tracker, metricsToken, log }: ProbeOptions): Probes {
  const readiness = shareFor(freshMs, () => findReason(tracker))
  let isStopping = false
  let lastReason: string | undefined
  const routes = new Hono<Site>()

  routes.get('/healthz', (c) => plain(c, 200, 'ok'))

  routes.get('/readyz', async (c) => {
    const { reason, detail } = isStopping
      ? { reason: 'The dashboard is stopping.', detail: undefined }
      : await readiness()
    if (reason !== lastReason && !isStopping) {
      // The detail names the server of the database: it is for the operator alone.
      if (reason !== undefined) log({ level: 'warn', event: 'not ready', message: detail ?? reason })
      lastReason = reason
    }
    return reason === undefined ? plain(c, 200, 'ready') : plain(c, 503, reason)
  })

  routes.get('/metrics', async (c) => {
    if (metricsToken === undefined) return plain(c, 404, 'Not found')
    const [, token] = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '') ?? []
    if (!isSameSecret(token, metricsToken)) {
      c.header('WWW-Authenticate', 'Bearer')
      return plain(c, 401, 'Send "Authorization: Bearer" with the token in DEVICEBATCH_METRICS_TOKEN.')
    }
    const text = await tracker.metrics()
    return plain(c, 200, text, metricsContentType)
  })

  // Nothing else that handles an error has run: there is neither a page nor a language here.
  routes.onError((error, c) => {
    log({ level: 'error', event: 'probe failed', path: c.req.path, message: error.message })
    return plain(c, 503, 'It cannot be measured; the log says why.')
  })

  return {
    routes,
    stop: () => {
      isStopping = true
    },
  }
}

function plain(c: Context<Site>, status: 200 | 401 | 404 | 503, text: string, type?: string): Response {
  return c.body(text, status, {
    'Content-Type': type ?? 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
}

interface Readiness {
  /** Why it is not ready, for anybody; absent if it is. */
  reason?: string
  /** The same with details, for the log. */
  detail?: string
}

async function findReason(tracker: Tracker): Promise<Readiness> {
  const health = await Promise.race([tracker.health(), sleep(limitMs, undefined, { ref: false })])
  if (!health) return { reason: 'The database does not respond.' }
  const { figures, problems } = health
  if (!figures)
    return {
      reason: 'The database cannot be used.',
      detail: problems.map(({ message }) => message).join(' '),
    }
  return figures.workers.some(({ isAlive }) => isAlive) ? {} : { reason: 'No worker is running.' }
}

/** The result of `read`, shared by all who ask while it is read and for a while after that. */
function shareFor<Value>(ms: number, read: () => Promise<Value>): () => Promise<Value> {
  let shared: Promise<Value> | undefined
  return () => {
    if (shared) return shared
    const own = read()
    shared = own
    const end = (): void => {
      shared = undefined
    }
    own.then(() => setTimeout(end, ms).unref(), end)
    return own
  }
}
