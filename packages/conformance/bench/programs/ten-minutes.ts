/** Uploads and waits for batches that take ten minutes, in simulated time. Argument: how many batches. */
import { setImmediate as turn } from 'node:timers/promises'

import { createPartnerCenter } from '@devicebatch/client'

import { batchTrackingId, customerId, documentedStatus } from '../documents.ts'

export interface Waited {
  requests: number
  /** From the end of the batch until `wait()` resolves, in milliseconds. */
  delayMs: number
}

const batchMs = 600_000

let now = Date.UTC(2030, 0, 1)
const timers = new Map<number, { at: number; fire: () => void }>()
let lastTimer = 0
Date.now = () => now
performance.now = () => now
globalThis.setTimeout = ((fire: () => void, ms: number) => {
  timers.set(++lastTimer, { at: now + ms, fire })
  return lastTimer
}) as unknown as typeof setTimeout
globalThis.clearTimeout = ((timer: number) => timers.delete(timer)) as unknown as typeof clearTimeout

const all: Waited[] = []
for (let batch = 0; batch < Number(process.argv[2]); batch++) all.push(await waitForBatch())
process.send!(all)

async function waitForBatch(): Promise<Waited> {
  let requests = 0
  const acceptedAt = now
  const answer = async (_input: unknown, init?: RequestInit): Promise<Response> => {
    if (init?.method === 'POST') {
      const location = `/customers/${customerId}/batchJobStatus/${batchTrackingId}`
      return new Response(null, { status: 202, headers: { Location: location } })
    }
    requests++
    return Response.json(
      now - acceptedAt < batchMs ? { ...documentedStatus, status: 'processing' } : documentedStatus,
    )
  }
  const partner = createPartnerCenter({
    credential: () => 'token',
    fetch: answer,
    // Time passes only while the client waits for its next poll.
    observe: (event) => event.type === 'wait' && void turn().then(fireNext),
  })
  const upload = await partner.customers
    .byId(customerId)
    .deviceBatches.create({ batchId: 'bench', devices: [{ hardwareHash: 'T0FE' }] })
  const { status } = await upload.wait()
  if (status !== 'finished' || timers.size > 0) throw new Error(`${status}, ${timers.size} timers left.`)
  return { requests, delayMs: now - acceptedAt - batchMs }
}

function fireNext(): void {
  const [id, { at, fire }] = [...timers].toSorted(([, a], [, b]) => a.at - b.at)[0]!
  timers.delete(id)
  now = at
  fire()
}
