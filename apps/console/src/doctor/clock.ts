/** Does this machine's clock agree with the service's? */
import { formatDuration } from '../output/format.ts'
import type { Check } from './check.ts'
import { ok, skipped, warning } from './check.ts'
import type { Reached } from './reach.ts'

/** `Date` has whole seconds, and a slow network adds more. */
const toleratedMs = 60_000

/** Compares the clocks. The command itself does not depend on the local one, but certificates and log files do. */
export function checkClock(clock: Reached['clock']): Check {
  if (clock === undefined) return skipped('clock', 'The service sent no time.')
  const aheadMs = clock.ours - clock.theirs
  if (Math.abs(aheadMs) <= toleratedMs) return ok('clock', "This machine's clock agrees with the service's.")
  return warning(
    'clock',
    `This machine's clock is ${formatDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} the service's.`,
    'Synchronize it: when it is wrong, certificates and sign-ins can be refused, and times in reports do not match.',
  )
}
