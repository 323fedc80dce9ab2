/**
 * 1,000 calls of one client, 16 in flight, against a server that grants 20 requests a second: by `node run.ts`, in about two
 * minutes. A smaller run is in faults/throttled.test.ts.
 */
import { runThrottled } from '../../faults/throttled.ts'

for (const kind of ['windows', 'bucket'] as const) {
  const run = await runThrottled({ calls: 1_000, inFlight: 16, granted: 20, windowMs: 1_000, kind })
  console.log(kind, run)
  const isGood = run.requests <= 1_500 && run.failures.length === 0 && run.tooEarly === 0
  if (!isGood) process.exitCode = 1
}
