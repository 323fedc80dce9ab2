/** Aborts a call in each of its phases, and then has nothing more to do. Started by abort.test.ts with the server's origin. */
import { setTimeout as pause } from 'node:timers/promises'

import { createPartnerCenter } from '@devicebatch/client'
import type { CallOptions, PartnerCenterEvent, PartnerFetchOptions } from '@devicebatch/edge'
import { createPartnerFetch, getBatchUploadStatus } from '@devicebatch/edge'

import { reportLast } from '../shared/child.ts'
import { batchTrackingId, customerId, newBatch, token } from './fault-case.ts'

const origin = process.argv[2]!

const never = () => new Promise<never>(() => {})

/** The phases, each with its credential; abort.test.ts defines what the server does in it. */
const phases: Record<string, () => PartnerFetchOptions['credential']> = {
  'already aborted': () => () => token(1),
  token: () => never,
  'token of a credential': () => ({ getToken: never }),
  request: () => () => token(1),
  headers: () => () => token(1),
  body: () => () => token(1),
  'error body': () => () => token(1),
  'back-off': () => () => token(1),
  'renewed token': () => {
    let given = 0
    return () => (given++ === 0 ? token(1) : never())
  },
  'poll wait': () => () => token(1),
}

type Way = (options: PartnerFetchOptions, callOptions: CallOptions) => Promise<unknown>
const uploadOf = (options: PartnerFetchOptions) =>
  createPartnerCenter(options).customers.byId(customerId).batchUploadStatus.byId(batchTrackingId)
const ways: Record<string, Way> = {
  getBatchUploadStatus: (options, callOptions) =>
    getBatchUploadStatus(createPartnerFetch(options), { customerId, batchTrackingId }, callOptions),
  get: (options, callOptions) => uploadOf(options).get(callOptions),
  create: (options, callOptions) =>
    createPartnerCenter(options).customers.byId(customerId).deviceBatches.create(newBatch, callOptions),
  'partner.api': (options, { signal }) =>
    createPartnerCenter(options).api.GET('/customers/{customerId}/batchJobStatus/{batchTrackingId}', {
      params: { path: { customerId, batchTrackingId } },
      signal: signal!,
    }),
  wait: (options, { signal }) => uploadOf(options).wait({ signal }),
  watch: async (options, { signal }) => {
    for await (const _ of uploadOf(options).watch({ signal }));
  },
}

export interface Abort {
  phase: string
  way: string
  /** Whether the call rejected with the same value that it was aborted with. */
  isTheReason: boolean
  /** The last event before the abort. */
  lastEvent: string
  heardAfterMs: number
}

async function abort(phase: string, way: string): Promise<Abort> {
  const caller = new AbortController()
  const reason = { why: phase }
  let lastEvent = ''
  const options: PartnerFetchOptions = {
    credential: phases[phase]!(),
    baseUrl: `${origin}/v1`,
    applicationName: phase,
    observe: (event: PartnerCenterEvent) => {
      lastEvent = event.type === 'wait' ? `${event.type} ${event.reason}` : event.type
    },
  }
  if (phase === 'already aborted') caller.abort(reason)
  const settled = ways[way]!(options, { signal: caller.signal }).then(
    () => undefined,
    (error: unknown) => error,
  )
  // The phase begins with this event, which may take a while on a busy machine.
  const begins = { 'back-off': 'wait retry-after', 'renewed token': 'attempt', 'poll wait': 'wait poll' }[
    phase
  ]
  const hasBegun = (): boolean => begins === undefined || lastEvent === begins
  for (let left = 100; !hasBegun() && left > 0; left--) await pause(50)
  await pause(100)
  const seen = lastEvent
  const abortedAt = performance.now()
  caller.abort(reason)
  const isTheReason = (await settled) === reason
  return { phase, way, isTheReason, lastEvent: seen, heardAfterMs: performance.now() - abortedAt }
}

const aborts = Object.keys(phases).flatMap((phase) =>
  Object.keys(ways)
    .filter((way) => (phase === 'poll wait' ? way === 'wait' || way === 'watch' : true))
    // A wait continues to its next poll where a call backs off.
    .filter((way) => !(phase === 'back-off' && (way === 'wait' || way === 'watch')))
    .map((way) => abort(phase, way)),
)
reportLast(await Promise.all(aborts))
