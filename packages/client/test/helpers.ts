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

import { batchTrackingId, customerId, json } from '../../edge/test/helpers.ts'
import { underProfile } from '../../emulator/test/profile.ts'

export {
  batchTrackingId,
  customerId,
  elapse,
  json,
  moveTime,
  origin,
  rejection,
  settle,
  text,
  thrown,
} from '../../edge/test/helpers.ts'

export const otherCustomerId = '11111111-2222-4333-8444-555555555555'
export const location = `/customers/${customerId}/batchJobStatus/${batchTrackingId}`

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

export const details = (more: object = {}): BatchUploadDetails => ({
  batchTrackingId,
  status: 'processing',
  ...more,
})

/** A response with the status of the upload. */
export const status = (word: string, devices: object[] = [], more: object = {}): Answer =>
  json(200, { batchTrackingId, status: word, devicesStatus: devices, ...more })

export const hangs: Answer = () => new Promise(() => {})

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
