/** The emulator's own endpoints under `/_emulator`, for tests in other processes and for people. */

import type { Context } from 'hono'
import { Hono } from 'hono'

import type { Emulator } from '../emulator.ts'
import type { Fault, FaultRule } from '../faults/fault.ts'
import { anyOrigin } from '../http/cors.ts'
import type { RecordedRequest } from '../http/recorded-requests.ts'
import type { EmulatorSettings } from '../options.ts'
import type { EmulatorSnapshot } from '../state/snapshot.ts'
import { statePage } from './state-page.ts'

/** The internals that only the emulator itself uses. */
export interface ControlledParts {
  settings: EmulatorSettings
  requests: RecordedRequest[]
  faultRules: () => readonly FaultRule[]
}

/** Whether the request is for the emulator itself. */
export function isControlCall(request: Request): boolean {
  return /^\/+_emulator(?:\/|$)/i.test(new URL(request.url).pathname)
}

/** Handles requests under `/_emulator`: JSON, a page at the root, and `{ error }` with 400 for invalid requests. */
export function createControl(
  emulator: Emulator,
  { settings, requests, faultRules }: ControlledParts,
): (request: Request) => Promise<Response> {
  const { clock, faults } = emulator
  const app = new Hono({ strict: false }).basePath('/_emulator')
  const clockState = (): object => ({
    now: clock.now(),
    time: new Date(clock.now()).toISOString(),
    timeScale: settings.timeScale,
  })

  if (settings.cors) app.use(anyOrigin)
  else app.use(async (c, next) => (isForeign(c.req.raw) ? foreign(c) : await next()))

  app.get('/', () => statePage(emulator, settings, faultRules()))
  app.get('/clock', (c) => c.json(clockState()))
  app.post('/clock', async (c) => {
    const { advanceMs, runUntil } = await readObject(c)
    if ((advanceMs === undefined) === (runUntil === undefined)) {
      throw new TypeError('The body must have either "advanceMs" or "runUntil".')
    }
    if (runUntil !== undefined) await clock.runUntil(runUntil as 'idle')
    else clock.advance(typeof advanceMs === 'string' ? Number(advanceMs) : (advanceMs as number))
    return done(c, clockState())
  })
  app.get('/requests', (c) => c.json(requests))
  app.delete('/requests', (c) => {
    requests.length = 0
    return done(c, {})
  })
  app.get('/faults', (c) => c.json(faultRules()))
  app.post('/faults', async (c) => {
    faults.add((await readObject(c)) as unknown as Fault)
    return done(c, faultRules())
  })
  app.delete('/faults', (c) => {
    faults.clear()
    return done(c, {})
  })
  app.get('/snapshot', (c) => c.json(emulator.snapshot()))
  app.put('/snapshot', async (c) => {
    emulator.restore((await readObject(c)) as unknown as EmulatorSnapshot)
    return done(c, {})
  })
  app.post('/seed', async (c) => {
    emulator.seed(await readObject(c))
    return done(c, {})
  })
  app.post('/reset', (c) => {
    emulator.reset()
    return done(c, {})
  })

  app.notFound((c) =>
    c.json({ error: `${c.req.method} ${c.req.path} is not an endpoint of the emulator.` }, 404),
  )
  app.onError((error, c) => c.json({ error: error.message }, 400))
  return async (request) => await app.fetch(request)
}

/** The body as an object: JSON, or the fields of a form of the emulator's page. */
async function readObject(c: Context): Promise<Record<string, unknown>> {
  const text = await c.req.text()
  if (isForm(c)) return Object.fromEntries(new URLSearchParams(text))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new TypeError('The body is not valid JSON; it must be a JSON object.', { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new TypeError('The body must be a JSON object.')
}

/** The response to a program's call; a form is redirected to the page. */
function done(c: Context, body: object): Response {
  return isForm(c) ? c.redirect('/_emulator', 303) : c.json(body)
}

function isForm(c: Context): boolean {
  return c.req.header('Content-Type')?.startsWith('application/x-www-form-urlencoded') ?? false
}

/** Pages of other origins must not control the emulator unless the option `cors` allows it. */
function isForeign(request: Request): boolean {
  const origin = request.headers.get('Origin')
  return origin !== null && origin !== new URL(request.url).origin
}

function foreign(c: Context): Response {
  return c.json({ error: 'A page of another origin may not do this; start the emulator with cors.' }, 403)
}
