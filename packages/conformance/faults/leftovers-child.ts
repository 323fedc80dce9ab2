/** Ten thousand calls with one long-lived signal; then counts what is left. Started by leftovers.test.ts. */
import { getEventListeners } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

import { createPartnerCenter } from '@devicebatch/client'
import { createPartnerFetch, getBatchUploadStatus } from '@devicebatch/edge'

import { report, reportLast } from '../shared/child.ts'
import { batchTrackingId, customerId, newBatch, retry, token } from './fault-case.ts'
import { callOf, requestIdOf } from './storm-plan.ts'

const calls = 10_000
const inFlight = 50
const origin = process.argv[2]!
const options = {
  baseUrl: `${origin}/v1`,
  credential: () => token(1),
  retry,
  // Long, so that a timer that is not cleared would still exist at the end.
  attemptTimeoutMs: 60_000,
}
const partnerFetch = createPartnerFetch(options)
const partner = createPartnerCenter(options)
const customer = partner.customers.byId(customerId)
const longLived = new AbortController().signal
const ofApi = new AbortController().signal
const aborted: AbortSignal[] = []

/** One in fifty is aborted in progress, at a different point each time. */
async function makeCall(call: number): Promise<unknown> {
  const controller = new AbortController()
  const isAborted = call % 50 === 0
  if (isAborted) {
    aborted.push(controller.signal)
    setTimeout(() => controller.abort(), (call / 50) % 5)
  }
  const callOptions = { requestId: requestIdOf(call), signal: isAborted ? controller.signal : longLived }
  const upload = customer.batchUploadStatus.byId(batchTrackingId)
  if (call % 100 === 1) return upload.wait({ signal: longLived, initialIntervalMs: 1, maxFailures: 1 })
  if (call % 100 === 2) {
    const params = { path: { customerId, batchTrackingId } }
    const path = '/customers/{customerId}/batchJobStatus/{batchTrackingId}'
    return partner.api.GET(path, { params, signal: ofApi })
  }
  if (callOf(call) === 'create') return customer.deviceBatches.create(newBatch, callOptions)
  if (callOf(call) === 'read by client') return upload.get(callOptions)
  return getBatchUploadStatus(partnerFetch, { customerId, batchTrackingId }, callOptions)
}

/** Open sockets of this process, including those that do not keep it alive; available only on Linux. */
function sockets(): number {
  const open = (fd: string): string => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  }
  return readdirSync('/proc/self/fd').filter((fd) => open(fd).startsWith('socket:')).length
}

const socketsBefore = sockets()
let succeeded = 0
let next = 0
await Promise.all(
  Array.from({ length: inFlight }, async () => {
    while (next < calls) {
      await makeCall(next++).then(
        () => succeeded++,
        () => {},
      )
    }
  }),
)
// Aborts that arrived after their call had ended.
await pause(10)
for (let i = 0; i < 6; i++) {
  await pause(200)
}
const counted = {
  succeeded,
  resources: process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate'),
  listeners: getEventListeners(longLived, 'abort').length,
  listenersOfAborted: aborted.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0),
  idleSockets: sockets() - socketsBefore,
}
await report(counted)
await pause(100)
for (let round = 0; round < 3; round++) {
  globalThis.gc!()
  await pause(30)
}
reportLast({ sockets: sockets() - socketsBefore, listenersOfApi: getEventListeners(ofApi, 'abort').length })
