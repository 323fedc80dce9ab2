/** A thousand calls at once, twice: to warm up, and to be measured. Started by storm.test.ts with the server's origin. */
import { setTimeout as pause } from 'node:timers/promises'

import { createPartnerCenter } from '@devicebatch/client'
import { createPartnerFetch, getBatchUploadStatus, isPartnerCenterError } from '@devicebatch/edge'

import { report, reportLast } from '../shared/child.ts'
import { batchTrackingId, customerId, newBatch, retry, token } from './fault-case.ts'
import type { MovedTime } from './moved-time.ts'
import { createMovedTime } from './moved-time.ts'
import type { SilentCall } from './storm-plan.ts'
import { callOf, outcomeOf, requestIdOf } from './storm-plan.ts'

const origin = process.argv[2]!
const options = {
  baseUrl: `${origin}/v1`,
  credential: () => token(1),
  retry,
  // An attempt ends only when the server reports that it is silent.
  attemptTimeoutMs: 20_000,
  // A thousand calls at once take minutes on a slow machine. Shorter than the Retry-After of a day, which must end a call.
  timeoutMs: 12 * 3_600_000,
}
const partnerFetch = createPartnerFetch(options)
const customer = createPartnerCenter(options).customers.byId(customerId)
let unhandled = 0
process.on('unhandledRejection', () => unhandled++)

/** The time of each call in progress, by its request ID. */
const times = new Map<string, MovedTime>()
process.on('message', (message: 'go on' | SilentCall) => {
  if (message !== 'go on') void times.get(message.silent)?.elapse(Infinity, message.isResponding)
})

async function makeCall(call: number): Promise<string> {
  const time = createMovedTime()
  times.set(requestIdOf(call), time)
  const outcome = await time.run(() => outcomeOfCall(call))
  times.delete(requestIdOf(call))
  return outcome
}

async function outcomeOfCall(call: number): Promise<string> {
  const callOptions = { requestId: requestIdOf(call) }
  try {
    if (callOf(call) === 'create') {
      const upload = await customer.deviceBatches.create(newBatch, callOptions)
      return upload.batchTrackingId === batchTrackingId ? 'ok' : 'another upload'
    }
    const details =
      callOf(call) === 'read by edge'
        ? await getBatchUploadStatus(partnerFetch, { customerId, batchTrackingId }, callOptions)
        : await customer.batchUploadStatus.byId(batchTrackingId).get(callOptions)
    return details.devicesStatus?.[0]?.errorCode === '808' ? 'ok' : 'another answer'
  } catch (error) {
    return isPartnerCenterError(error) ? outcomeOf(error) : `not ours: ${error as Error}`
  }
}

async function storm(first: number): Promise<string[]> {
  return Promise.all(Array.from({ length: 1_000 }, (_, index) => makeCall(first + index)))
}

/** The heap after the connections have ended and all garbage has been collected. */
async function heapBytes(): Promise<number> {
  let least = Infinity
  for (let round = 0; round < 6; round++) {
    await pause(30)
    globalThis.gc!()
    least = Math.min(least, process.memoryUsage().heapUsed)
  }
  return least
}

await report({ outcomes: await storm(0) })
const before = await heapBytes()
await report({ outcomes: await storm(1_000) })
const after = await heapBytes()
reportLast({ grownBytes: after - before, unhandled })
