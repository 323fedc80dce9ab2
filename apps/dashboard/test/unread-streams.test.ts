/** Visitors who open the event stream and never read it. Time is moved, which also ends connections of a tracker in this process. */
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'

import { Hono } from 'hono'
import { expect, onTestFinished, test, vi } from 'vitest'

import type { Listener } from '../src/live.ts'
import { streamEvents } from '../src/pages/events.ts'
import type { Services, Site } from '../src/site.ts'
import { close, customerId, listen, makeDashboard } from './helpers.ts'

test('a reader that never reads its socket is sent little, and is disconnected after a minute', async () => {
  const ids = Array.from({ length: 500 }, (_, index) => `${customerId}-${index}`)
  let [taken, isFree] = [0, false]
  const listener: Listener = {
    next: async () => ({ position: `${++taken}-0`, ids }),
    close: () => void (isFree = true),
  }
  const app = new Hono<Site>()
  app.use(async (c, next) => {
    const live = { open: async () => listener, close: () => undefined }
    c.set('services', { live, log: () => undefined, isBehindProxy: false } as unknown as Services)
    await next()
  })
  app.get('/events', streamEvents)
  const { server, port } = await listen(app.fetch, 0)
  onTestFinished(() => close(server))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const socket = connect(port, '127.0.0.1').pause()
  onTestFinished(() => void socket.destroy())
  socket.write('GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
  const accepted = once(server, 'connection')
  const [connection] = (await accepted) as [Socket]
  // Everything that the operating system takes has been sent once nothing more is taken from the listener.
  const settle = async (before: number): Promise<void> => {
    for (let turn = 0; turn < 2_000; turn++) await setImmediate()
    if (taken === 0 || taken !== before) await settle(taken)
  }
  await settle(taken)
  const bytes = JSON.stringify(ids).length
  expect(connection.writableLength).toBeLessThan(connection.writableHighWaterMark + 3 * bytes)
  expect([isFree, connection.destroyed]).toEqual([false, false])
  vi.advanceTimersByTime(60_000)
  expect([isFree, connection.destroyed]).toEqual([true, true])
})

test('readers that read nothing lose their places after a minute', async () => {
  const dashboard = await makeDashboard()
  onTestFinished(() => dashboard.stop())
  const open = async () => await dashboard.fetch(new Request(`${dashboard.url}/events`))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const places = await Promise.all(Array.from({ length: 1_000 }, open))
  expect(new Set(places.map(({ status }) => status))).toEqual(new Set([200]))
  expect((await open()).status).toBe(503)
  vi.advanceTimersByTime(60_000)
  expect((await open()).status).toBe(200)
  const ended = dashboard.log.filter(({ event }) => event === 'event stream ended: its reader takes nothing')
  expect(ended).toHaveLength(1_000)
})
