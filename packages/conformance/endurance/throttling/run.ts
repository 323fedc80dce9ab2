/**
 * `npm run test:throttling`: 1,000 calls of one client, 16 in flight, against a server that allows 20 requests a second. It takes
 * about two minutes; faults/throttled.test.ts has a smaller run.
 */
import { runThrottled } from '../../faults/throttled.ts'

for (const kind of ['windows', 'bucket'] as const) {
  const run = await runThrottled({ calls: 1_000, inFlight: 16, granted: 20, windowMs: 1_000, kind })
  console.log(kind, run)
  const isGood = run.requests <= 1_500 && run.failures.length === 0 && run.tooEarly === 0
  if (!isGood) process.exitCode = 1
}
