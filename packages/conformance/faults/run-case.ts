/** Runs one case and compares the result with its expectations. */
import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'

import type { BatchUpload, PartnerCenter } from '@devicebatch/client'
import { createPartnerCenter } from '@devicebatch/client'
import type { PartnerCenterEvent, WaitEvent } from '@devicebatch/edge'
import { createPartnerFetch, getBatchUploadStatus, isPartnerCenterError } from '@devicebatch/edge'
import { expect } from 'vitest'

import type { Doors, ExpectedWait, FaultCase } from './fault-case.ts'
import { batchTrackingId, customerId, newBatch, retry, schedule, secret, token } from './fault-case.ts'
import type { FaultServer, SeenRequest } from './fault-server.ts'
import { inTurn, startFaultServer } from './fault-server.ts'
import { createMovedTime, longMs } from './moved-time.ts'
import { answer } from './replies.ts'

type Door = (doors: Doors, faultCase: FaultCase) => Promise<unknown>

/** The public functions that a case uses, by name. */
export function doorsOf({ call = 'read' }: FaultCase): [name: string, door: Door][] {
  if (typeof call === 'function') return [['its own call', call]]
  if (call === 'create') return [['deviceBatches.create', create]]
  if (call === 'wait') return [['upload.wait', waitForIt]]
  return [
    ['getBatchUploadStatus', readByEdge],
    ['upload.get', readByClient],
  ]
}

const readByEdge: Door = ({ partnerFetch, signal }, { callOptions }) =>
  getBatchUploadStatus(partnerFetch, { customerId, batchTrackingId }, { signal, ...callOptions })

const readByClient: Door = ({ partner, signal }, { callOptions }) =>
  uploadOf(partner).get({ signal, ...callOptions })

const create: Door = async ({ partner, signal }, { callOptions }) => {
  const { deviceBatches } = partner.customers.byId(customerId)
  return (await deviceBatches.create(newBatch, { signal, ...callOptions })).toJSON()
}

const waitForIt: Door = async ({ partner, signal }, { waitOptions }) => {
  const report = await uploadOf(partner).wait({ signal, ...schedule, ...waitOptions })
  const { status, outcome, counts } = report
  return { status, outcome, total: counts.total, failed: counts.failed }
}

function uploadOf(partner: PartnerCenter): BatchUpload {
  return partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId)
}

export async function playCase(faultCase: FaultCase, door: Door): Promise<void> {
  await using elsewhere = await startFaultServer(() => answer(200, 'You should not be here.'))
  const next = inTurn(faultCase.script)
  const time = createMovedTime()
  const nextToken = inTurn(faultCase.tokenScript ?? [answer(599, 'No token was expected to be asked for.')])
  await using server = await startFaultServer(
    ({ path }) => (path.endsWith('/token') ? nextToken() : next()),
    elsewhere.origin,
    // Otherwise, the call itself ends the silence.
    ({ at }, isResponding) =>
      typeof faultCase.call === 'function' ? undefined : time.elapse(at, isResponding),
  )
  if (faultCase.refusedAtFirst) await server.refuse()

  const events: PartnerCenterEvent[] = []
  const waits: WaitEvent[] = []
  const caller = new AbortController()
  const leaving = { why: 'the caller has seen enough' }
  const options = {
    retry,
    ...faultCase.options,
    baseUrl: `${server.origin}/v1`,
    credential: faultCase.credential?.(server.origin) ?? (() => token(1)),
    observe(event: PartnerCenterEvent) {
      events.push(event)
      if (event.type !== 'wait') return
      waits.push(event)
      if (faultCase.refusedAtFirst) void server.listen()
      // The wait starts after its event.
      if (waits.length === faultCase.abortAtWait) void pause(1).then(() => caller.abort(leaving))
      else if (event.delayMs >= longMs) void time.elapse(Infinity, false)
    },
  }
  const doors: Doors = {
    partnerFetch: createPartnerFetch(options),
    partner: createPartnerCenter(options),
    signal: caller.signal,
  }

  const outcome = await settle(() => time.run(() => door(doors, faultCase)))

  const seen = checkRequests(faultCase, server)
  expect(elsewhere.connections, 'connections to another origin').toBe(0)
  checkWaits(faultCase, waits)
  checkEvents(events, faultCase)
  if (faultCase.abortAtWait !== undefined) expect(outcome).toEqual({ error: leaving })
  else checkOutcome(faultCase, outcome, seen)
  if ('error' in outcome && outcome.error === leaving) expect(outcome.error).toBe(leaving)
}

async function settle(work: () => Promise<unknown>): Promise<{ value: unknown } | { error: unknown }> {
  try {
    return { value: await work() }
  } catch (error) {
    return { error }
  }
}

function checkRequests(faultCase: FaultCase, server: FaultServer): SeenRequest[] {
  const toToken = server.requests.filter(({ path }) => path.endsWith('/token'))
  const seen = server.requests.filter((request) => !toToken.includes(request))
  expect(seen.length, 'requests that reached the server').toBe(faultCase.requests)
  expect(toToken.length, 'requests that reached the token endpoint').toBe(faultCase.tokenRequests ?? 0)

  const distinct = (of: (request: SeenRequest) => unknown): number => new Set(seen.map(of)).size
  const calls = faultCase.call === 'wait' ? seen.length : Math.min(1, seen.length)
  expect(distinct(({ headers }) => headers['ms-requestid'])).toBe(calls)
  expect(distinct(({ headers }) => headers['ms-correlationid'])).toBe(calls)
  expect(distinct(({ method, path, body }) => `${method} ${path} ${body}`)).toBe(Math.min(1, seen.length))
  for (const [index, { headers }] of seen.entries()) {
    expect(headers['ms-requestid']).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
    expect(headers.accept).toBe('application/json')
    expect(headers.authorization).toBe(`Bearer ${faultCase.tokens?.[index] ?? token(1)}`)
  }
  for (const [index, { at }] of seen.slice(1).entries())
    // Node's timers may be early by less than a millisecond.
    expect(at - seen[index]!.at).toBeGreaterThan((faultCase.gapMs ?? 0) - 1)
  return seen
}

function checkWaits({ waits: expected = [], options, waitOptions }: FaultCase, waits: WaitEvent[]): void {
  expect(
    waits.map(({ reason }) => reason),
    'reasons of the waits',
  ).toEqual(expected.map((wait) => (typeof wait === 'string' ? wait : wait.reason)))
  const { baseDelayMs, maxDelayMs } = { ...retry, ...(options?.retry || undefined) } as typeof retry
  const { initialIntervalMs, maxIntervalMs } = { ...schedule, ...waitOptions } as typeof schedule
  const range = (wait: ExpectedWait, index: number): [least: number, most: number] => {
    if (typeof wait === 'object') return [wait.delayMs - (wait.orLess ?? 0), wait.delayMs]
    if (wait === 'poll') {
      const longest = Math.min(initialIntervalMs * 2 ** index, maxIntervalMs)
      return [longest * 0.9, longest]
    }
    const least = Math.min(baseDelayMs * 2 ** index, maxDelayMs)
    return [least, Math.min(least * 1.5, maxDelayMs)]
  }
  for (const [index, wait] of expected.entries()) {
    const [least, most] = range(wait, index)
    expect(waits[index]!.delayMs, `wait ${index + 1}`).toBeGreaterThanOrEqual(least)
    expect(waits[index]!.delayMs, `wait ${index + 1}`).toBeLessThanOrEqual(most)
  }
}

function checkEvents(events: PartnerCenterEvent[], { requests, attempts, refusedAtFirst }: FaultCase): void {
  const seen = events.filter(({ type }) => type === 'attempt').length
  expect(seen, 'attempts that were observed').toBe(attempts ?? (refusedAtFirst ? requests + 1 : requests))
  expect(JSON.stringify(events)).not.toMatch(new RegExp(`${secret}|${customerId}|${batchTrackingId}`))
}

function checkOutcome(
  { gives, fails, says }: FaultCase,
  outcome: { value: unknown } | { error: unknown },
  seen: SeenRequest[],
): void {
  if ('value' in outcome || !fails) {
    expect(outcome).toEqual(fails ? { error: fails } : { value: gives })
    return
  }
  const { error } = outcome
  expect(told(error)).toStrictEqual(fails)
  if (!isPartnerCenterError(error)) return
  expect(error.message).toMatch(says ?? /\.$/)
  expect(error.message.length).toBeLessThan(700)
  if (seen.length > 0 && error.requestId) expect(error.requestId).toBe(seen.at(-1)!.headers['ms-requestid'])
  const all = [error.stack, JSON.stringify(error), inspect(error, { depth: 20, showHidden: true })].join('\n')
  expect(all).not.toContain(secret)
}

/** The properties of an error except its message and those that identify its call. */
function told(error: unknown): unknown {
  if (!isPartnerCenterError(error)) return error
  const told: Record<string, unknown> = { ...(error as object), name: error.name }
  for (const name of ['requestId', 'correlationId', 'method', 'path', 'upload', 'report']) delete told[name]
  return told
}
