/**
 * Waits for many uploads, each of which finishes at its third poll, and reports the microseconds of CPU per upload. Arguments:
 * the way of waiting, how many, the server's origin.
 */
import { setTimeout as pause } from 'node:timers/promises'

import { customerId } from '../documents.ts'
import { loadWaiter, trackingIdOf } from '../uploads.ts'

const [name, count, origin] = [process.argv[2]!, Number(process.argv[3]), process.argv[4]!]
const { createWaiter } = await loadWaiter(name)
const slots = 80
const slotMs = 50
const intervalMs = 2 * slots * slotMs

const polls = new Map<string, number>()
const ask = (url: string, init?: RequestInit): Promise<Response> => {
  const poll = (polls.get(url) ?? 0) + 1
  polls.set(url, poll)
  return fetch(poll < 3 ? url.replace('/ok/', '/running/') : url, init)
}

// A quick warm-up, so that everything is loaded and compiled.
const warmUp = createWaiter(`${origin}/ok/v1`, ask as typeof fetch, 1)
for (let round = 0; round < 20; round++) {
  await Promise.all(Array.from({ length: 50 }, (_, index) => warmUp(customerId, trackingIdOf(index))))
  polls.clear()
}

const wait = createWaiter(`${origin}/ok/v1`, ask as typeof fetch, intervalMs)
const before = process.cpuUsage()
const waits: Promise<unknown>[] = []
for (let slot = 1; slot <= slots; slot++) {
  while (waits.length < (slot * count) / slots) waits.push(wait(customerId, trackingIdOf(waits.length)))
  await pause(slotMs)
}
await Promise.all(waits)
const { user, system } = process.cpuUsage(before)
process.send!((user + system) / count)
