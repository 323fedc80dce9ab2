/** Aborts calls in each of their phases and reports how long each continued. Arguments: the server's origin, how often. */
import { setTimeout as pause } from 'node:timers/promises'

import { createPartnerCenter } from '@devicebatch/client'
import { createPartnerFetch, getBatchUploadStatus } from '@devicebatch/edge'

import { batchTrackingId, customerId } from '../documents.ts'

/** Milliseconds until each abort took effect, by way and phase. */
export type Heard = Record<string, number[]>

type Call = (baseUrl: string, signal: AbortSignal) => Promise<unknown>

const credential = () => 'token'
const uploadAt = (baseUrl: string) =>
  createPartnerCenter({ baseUrl, credential })
    .customers.byId(customerId)
    .batchUploadStatus.byId(batchTrackingId)
const edge: Call = (baseUrl, signal) =>
  getBatchUploadStatus(
    createPartnerFetch({ baseUrl, credential }),
    { customerId, batchTrackingId },
    { signal },
  )
const get: Call = (baseUrl, signal) => uploadAt(baseUrl).get({ signal })
const wait: Call = (baseUrl, signal) => uploadAt(baseUrl).wait({ signal })

/** How the server behaves, which determines the phase of a call after a while. */
const phases: [phase: string, server: string, ways: Record<string, Call>][] = [
  ['request', 'silent', { edge, get, wait }],
  ['body', 'stalled', { edge, get, wait }],
  ['back-off', 'busy', { edge, get }],
  ['poll wait', 'running', { wait }],
]

const [origin, repeats] = [process.argv[2]!, Number(process.argv[3])]
const heard: Heard = {}
for (let repeat = 0; repeat < repeats; repeat++) {
  for (const [phase, server, ways] of phases) {
    for (const [way, call] of Object.entries(ways)) {
      const caller = new AbortController()
      const reason = new Error('enough')
      const settled = call(`${origin}/${server}/v1`, caller.signal).then(
        () => undefined,
        (error: unknown) => error,
      )
      await pause(40)
      const abortedAt = performance.now()
      caller.abort(reason)
      if ((await settled) !== reason) throw new Error(`${way} in ${phase} ended with something else.`)
      ;(heard[`${phase}: ${way}`] ??= []).push(performance.now() - abortedAt)
    }
  }
}
process.send!(heard)
