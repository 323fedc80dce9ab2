/**
 * What ten thousand calls leave behind. Counted in a separate process:
 *
 * - timers and immediates that keep the process alive (`process.getActiveResourcesInfo()`), right after the last call, while
 *   every timeout of those calls would still have nearly a minute to run;
 * - `abort` listeners on the one signal that nearly all of the calls were given, and on the signals that were aborted;
 * - the same on the signal of calls through `partner.api`, after a garbage collection: those listeners belong to the `Request`
 *   that openapi-fetch creates, and every runtime keeps them as long as the request;
 * - open sockets of the process (`/proc/self/fd`, Linux), including those that do not keep it alive: the idle connections that
 *   fetch keeps for the next call, about eighty for fifty calls in flight, and none once the server has closed them;
 * - how long the process stays alive once it has nothing more to do.
 */
import { expect, test } from 'vitest'

import { runChild } from '../shared/child.ts'
import { startFaultServer } from './fault-server.ts'
import { answer } from './replies.ts'
import { stormReplies } from './storm-plan.ts'

test.runIf(process.platform === 'linux')(
  '10,000 calls leave no timer, no listener and no socket behind',
  async () => {
    const replies = stormReplies(() => false)
    await using elsewhere = await startFaultServer(() => answer(200))
    await using server = await startFaultServer(replies, elsewhere.origin)
    const { reports, exitCode, stderr, lingeredMs } = await runChild(
      new URL('./leftovers-child.ts', import.meta.url),
      [server.origin],
      () => server.disconnect(),
    )
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    const [{ succeeded, idleSockets, ...left }, end] = reports as [Record<string, number>, unknown]
    expect(left).toEqual({ resources: [], listeners: 0, listenersOfAborted: 0 })
    expect(end).toEqual({ sockets: 0, listenersOfApi: 0 })
    expect(idleSockets).toBeLessThan(200)
    expect(succeeded).toBeGreaterThan(7_000)
    expect(lingeredMs).toBeLessThan(30_000)
  },
)

test('a background renewal that hangs does not keep the process alive', async () => {
  await using server = await startFaultServer(() => answer(200))
  const { reports, exitCode, stderr, lingeredMs } = await runChild(
    new URL('./renewal-child.ts', import.meta.url),
    [server.origin],
  )
  expect({ stderr, exitCode, reports }).toEqual({ stderr: '', exitCode: 0, reports: [{ requests: 2 }] })
  expect(lingeredMs).toBeLessThan(30_000)
})
