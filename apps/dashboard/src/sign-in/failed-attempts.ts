/** How many wrong attempts are allowed? */
import { isIPv6 } from 'node:net'

import { expandIPv6 } from 'hono/utils/ipaddr'

/** Counts failures by address, for a minute each. */
export interface FailedAttempts {
  /** How many seconds this address has to wait; 0 if it may try. */
  secondsToWait(address: string): number
  /** Counts a failure. Returns true if it was the last one allowed. */
  add(address: string): boolean
}

const [mostFailures, periodMs] = [10, 60_000]
/** Counting does not stop an attacker with more addresses than this. */
const mostAddresses = 10_000

/** Creates a counter. */
export function createFailedAttempts(): FailedAttempts {
  const counts = new Map<string, { failures: number; until: number }>()
  const current = (address: string): { failures: number; until: number } | undefined => {
    const found = counts.get(networkOf(address))
    return found && found.until > Date.now() ? found : undefined
  }
  return {
    secondsToWait(address) {
      const found = current(address)
      return found && found.failures >= mostFailures ? Math.ceil((found.until - Date.now()) / 1_000) : 0
    },
    add(address) {
      const { failures, until } = current(address) ?? { failures: 0, until: Date.now() + periodMs }
      const network = networkOf(address)
      // The oldest are dropped first.
      counts.delete(network)
      counts.set(network, { failures: failures + 1, until })
      const [oldest] = counts.keys()
      if (counts.size > mostAddresses) counts.delete(oldest!)
      return failures + 1 === mostFailures
    },
  }
}

/** The length of four groups of four digits, with the colons between them. */
const expandedHalf = 19

/** For IPv6, the first half, which is what a provider assigns to one customer. */
function networkOf(address: string): string {
  return isIPv6(address) ? expandIPv6(address.toLowerCase()).slice(0, expandedHalf) : address
}
