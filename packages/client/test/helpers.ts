import type {
  CustomerResource,
  PartnerCenter,
  PartnerCenterEvent,
  PartnerCenterOptions,
} from '@devicebatch/client'
import { createPartnerCenter } from '@devicebatch/client'
import type { BatchUploadDetails } from '@devicebatch/contract'
import type { Emulator, EmulatorOperation, EmulatorOptions, RecordedRequest } from '@devicebatch/emulator'
import { createEmulator } from '@devicebatch/emulator'
import { vi } from 'vitest'

import { underProfile } from '../../emulator/test/profile.ts'

export const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
export const otherCustomerId = '11111111-2222-4333-8444-555555555555'
export const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'
export const location = `/customers/${customerId}/batchJobStatus/${batchTrackingId}`
export const origin = 'https://api.partnercenter.microsoft.com'

/** A request as it reached the network, and when. */
export interface Sent {
  url: string
  method: string
  headers: Record<string, string>
  body: unknown
  at: number
}

/** What the network does with a request. */
export type Answer = (sent: Sent) => Response | Promise<Response>

/** A partner on a network that responds with `answers`, repeating the last one. */
export function partnerOn(
  answers: Answer | Answer[],
  options: Partial<PartnerCenterOptions> = {},
): { partner: PartnerCenter; sent: Sent[]; events: PartnerCenterEvent[] } {
  const list = [answers].flat()
  const sent: Sent[] = []
  const events: PartnerCenterEvent[] = []
  const partner = createPartnerCenter({
    credential: () => 'secret-token',
    observe: (event) => events.push(event),
    async fetch(input, init) {
      const text = init!.body ? await new Response(init!.body).text() : ''
      const one: Sent = {
        url: input as string,
        method: init!.method!,
        headers: Object.fromEntries(new Headers(init!.headers)),
        body: text ? JSON.parse(text) : undefined,
        at: performance.now(),
      }
      sent.push(one)
      const answer = Promise.resolve(list[Math.min(sent.length, list.length) - 1]!(one))
      return new Promise((resolve, reject) => {
        init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason as Error))
        answer.then(resolve, reject)
      })
    },
    ...options,
  })
  return { partner, sent, events }
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  () =>
    Response.json(body, { status, headers })

export const text =
  (status: number, body: string | null, headers: Record<string, string> = {}): Answer =>
  () =>
    new Response(body, { status, headers })

export const details = (more: object = {}): BatchUploadDetails => ({
  batchTrackingId,
  status: 'processing',
  ...more,
})

/** A response with the status of the upload. */
export const status = (word: string, devices: object[] = [], more: object = {}): Answer =>
  json(200, { batchTrackingId, status: word, devicesStatus: devices, ...more })

export const hangs: Answer = () => new Promise(() => {})

export const moveTime = (): void => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
    now: Date.UTC(2026, 0, 5, 12),
  })
}

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

/** A customer on a new emulator. */
export function emulated(options: EmulatorOptions = {}): {
  emulator: Emulator
  partner: PartnerCenter
  customer: CustomerResource
  /** The requests of these operations, in order. */
  requestsOf: (...operations: EmulatorOperation[]) => RecordedRequest[]
} {
  const emulator = createEmulator(underProfile(options))
  const partner = createPartnerCenter(emulator.partnerOptions())
  return {
    emulator,
    partner,
    customer: partner.customers.byId(customerId),
    requestsOf: (...operations) =>
      emulator.requests.filter(({ operation }) => operation && operations.includes(operation)),
  }
}
