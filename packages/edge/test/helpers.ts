import type { PartnerCenterEvent, PartnerFetch, PartnerFetchOptions } from '@devicebatch/edge'
import { createPartnerFetch } from '@devicebatch/edge'
import { vi } from 'vitest'

export const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
export const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'
export const upload = { customerId, batchTrackingId }
export const statusPath = `/customers/${customerId}/batchJobStatus/${batchTrackingId}`
export const origin = 'https://api.partnercenter.microsoft.com'
export const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** A request as it reached the network. */
export interface Sent {
  url: string
  method: string
  headers: Record<string, string>
  body: string | undefined
  redirect: RequestRedirect | undefined
  signal: AbortSignal
  at: number
}

/** What the network does with a request. */
export type Answer = (sent: Sent) => Response | Promise<Response>

/** A fetch that plays `answers` in order, repeats the last one, and records every request. */
export function network(...answers: Answer[]): { fetch: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = []
  return {
    sent,
    async fetch(input, init) {
      const { body } = init ?? {}
      const one: Sent = {
        url: input as string,
        method: init!.method!,
        // As on the network: names in lowercase, and a repeated name shows in its value.
        headers: Object.fromEntries(new Headers(init!.headers)),
        body: body == null ? undefined : await new Response(body).text(),
        redirect: init!.redirect,
        signal: init!.signal!,
        at: performance.now(),
      }
      sent.push(one)
      return answers[Math.min(sent.length, answers.length) - 1]!(one)
    },
  }
}

/** A partner fetch on that network, with its requests and events. */
export function partner(
  answers: Answer | Answer[],
  options: Partial<PartnerFetchOptions> = {},
): { call: PartnerFetch; sent: Sent[]; events: PartnerCenterEvent[] } {
  const { fetch, sent } = network(...[answers].flat())
  const events: PartnerCenterEvent[] = []
  const call = createPartnerFetch({
    credential: () => 'secret-token',
    fetch,
    observe: (event) => events.push(event),
    ...options,
  })
  return { call, sent, events }
}

/** The waits among events, in milliseconds. */
export function waits(events: PartnerCenterEvent[]): number[] {
  return events.flatMap((event) => (event.type === 'wait' ? [event.delayMs] : []))
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): ((sent: unknown) => Response) =>
  () =>
    Response.json(body, { status, headers })

export const text =
  (
    status: number,
    body: string | null,
    headers: Record<string, string> = {},
  ): ((sent: unknown) => Response) =>
  () =>
    new Response(body, { status, headers })

export const finished: Answer = json(200, { batchTrackingId, status: 'finished', devicesStatus: [] })

export const refusesConnection: Answer = () => {
  throw new TypeError('fetch failed', {
    cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  })
}

/** Never responds, but listens to its signal like every real fetch. */
export const hangs: Answer = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

/** Never responds and ignores its signal. */
export const deaf: Answer = () => new Promise(() => {})

/** Sends a head and some bytes of a body, and then `end`s it: cut off, or never. */
export const partial =
  (status: number, body: string, end: 'cut' | 'stall'): Answer =>
  ({ signal }) =>
    new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(body))
          signal.addEventListener('abort', () => controller.error(signal.reason))
        },
        pull(controller) {
          if (end === 'cut') controller.error(new TypeError('terminated'))
          return new Promise(() => {})
        },
      }),
      { status },
    )

/** Advances time, timer by timer, until `promise` is settled. */
export async function elapse<T>(promise: Promise<T>): Promise<T> {
  const state = { settled: false }
  const done = (): void => {
    state.settled = true
  }
  promise.then(done, done)
  for (let steps = 0; steps < 1_000 && !state.settled; steps++) await vi.advanceTimersToNextTimerAsync()
  if (!state.settled) throw new Error('it is still waiting')
  return promise
}

/** Runs everything that needs no time. */
export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
}

/** What a promise rejects with. */
export async function rejection<E = Error & Record<string, unknown>>(promise: Promise<unknown>): Promise<E> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    return error as E
  }
  throw new Error(`it did not reject, it gave ${JSON.stringify(value)}`)
}

/** What a function throws. */
export function thrown(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    return error as Error
  }
  throw new Error('it did not throw')
}

/** Counts the current abort listeners of a signal. */
export function countListeners(signal: AbortSignal): () => number {
  const listeners = new Set<unknown>()
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
  signal.addEventListener = (type: string, listener: never, options?: never) => {
    if (type === 'abort') listeners.add(listener)
    add(type, listener, options)
  }
  signal.removeEventListener = (type: string, listener: never) => {
    if (type === 'abort') listeners.delete(listener)
    remove(type, listener)
  }
  return () => listeners.size
}

export const moveTime = (): void => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
    now: Date.UTC(2026, 0, 5, 12),
  })
}
