/**
 * Starts waiting for many uploads, and reports the bytes of heap per upload while all of them wait for their second poll. A
 * `fetch` without a network excludes sockets from the measurement. Arguments: the way of waiting, how many.
 */
import { setTimeout as pause } from 'node:timers/promises'

import { customerId, statusAt } from '../documents.ts'
import { loadWaiter, trackingIdOf } from '../uploads.ts'

const [name, count] = [process.argv[2]!, Number(process.argv[3])]
const { createWaiter } = await loadWaiter(name)
const baseUrl = 'http://127.0.0.1:9/v1'
const headers = { 'Content-Type': 'application/json' }

// One complete run, so that everything is loaded.
const warmUp = createWaiter(baseUrl, async (url) => new Response(statusAt(url as string), { headers }), 1)
for (let index = 0; index < 500; index++) await warmUp(customerId, trackingIdOf(index))
await pause(50)

let answered = 0
const answer = async (url: unknown): Promise<Response> => {
  answered++
  return new Response(statusAt(url as string, 'processing'), { headers })
}
const wait = createWaiter(baseUrl, answer, 60_000)
gc!()
const before = process.memoryUsage().heapUsed
const waits: Promise<unknown>[] = []
while (waits.length < count) {
  for (let some = 0; some < 100; some++) waits.push(wait(customerId, trackingIdOf(waits.length)))
  await pause(5)
}
await pause(100)
gc!()
const heapBytes = (process.memoryUsage().heapUsed - before) / count
if (answered !== count) throw new Error(`${answered} polls for ${count} uploads.`)
process.send!(heapBytes)
