/** A thousand calls at once through a server that fails three attempts in ten. */
import { expect, test } from 'vitest'

import { runChild } from '../shared/child.ts'
import { startFaultServer } from './fault-server.ts'
import { answer } from './replies.ts'
import type { SilentCall } from './storm-plan.ts'
import { expectedOf, stormReplies } from './storm-plan.ts'

test('1,000 calls at once all return the right value or the right error, and leave no memory behind', async () => {
  let withSlow = false
  let tell: (message: SilentCall) => void
  await using elsewhere = await startFaultServer(() => answer(200))
  await using server = await startFaultServer(
    stormReplies(() => withSlow),
    elsewhere.origin,
    ({ headers }, isResponding) => tell({ silent: headers['ms-requestid']!, isResponding }),
  )
  const { reports, exitCode, stderr } = await runChild(
    new URL('./storm-child.ts', import.meta.url),
    [server.origin],
    () => {
      // A thousand idle connections kept alive for the next call would count as memory of the calls.
      server.disconnect()
      withSlow = true
    },
    (send) => (tell = send),
  )
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  const [warmUp, measured, end] = reports as [Outcomes, Outcomes, { grownBytes: number; unhandled: number }]
  expect(warmUp.outcomes).toEqual(Array.from({ length: 1_000 }, (_, call) => expectedOf(call, false)))
  expect(measured.outcomes).toEqual(
    Array.from({ length: 1_000 }, (_, call) => expectedOf(1_000 + call, true)),
  )
  expect(end.unhandled).toBe(0)
  expect(end.grownBytes).toBeLessThan(2 * 1024 * 1024)
  expect(elsewhere.connections).toBe(0)
})

interface Outcomes {
  outcomes: string[]
}
