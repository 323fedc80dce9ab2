/**
 * Which requests wait because the service is throttling? After a 429, those for the same customer; if a second customer is
 * throttled meanwhile, all requests. Then they resume 1, 2, 4, … at a time, each customer in turn.
 */
import type { Call } from '../errors.ts'
import { toHeldError } from '../errors.ts'
import { startTimer } from './wait.ts'

/** Called when a request has ended; `isGranted` when a response other than 429 arrived. */
export type Leave = (isGranted: boolean) => void

/** What calls share so that a 429 also holds the others; created by {@link createRateLimit}. */
export interface RateLimit {
  /** Whether any request must wait or be counted. */
  isActive(): boolean
}

/** What a partner fetch does with it. */
export interface CallQueue extends RateLimit {
  /**
   * Waits until a request may be sent, and resolves with a function to call when it has ended. Rejects with `TimeoutError`
   * when the wait would take longer than the call may.
   *
   * @param url Names the customer.
   * @param call The call of the request: those with more attempts go first.
   * @param signal Removes it from the queue.
   * @param remainingMs How long the call may still take.
   * @param onHeld Called with the length of the hold in milliseconds, when the wait begins and when the hold is extended.
   */
  enter(
    url: string,
    call: Call,
    signal: AbortSignal,
    remainingMs: () => number,
    onHeld: (delayMs: number) => void,
  ): Promise<Leave>
  /** Whether requests for the customer in `url` are held now. */
  isHeld(url: string): boolean
  /** Holds all requests for the customer in `url` after a 429. Call it before the {@link Leave} of that request. */
  hold(url: string, ms: number): void
}

interface Lane {
  /** Until when nothing is sent, by `performance.now()`. */
  heldUntil: number
  /** How many may be in flight. It is 1 after a hold and grows by one for each granted request, so it doubles each round. */
  window: number
  /** How many have been granted since the hold. */
  granted: number
  /** From this size on, the window grows slowly: a quarter of what was granted before the last 429. */
  slowFrom: number
  inFlight: number
  /** Counts the holds: a request sent before a hold says nothing about the time after it. */
  round: number
  line: Waiter[]
}

interface Waiter {
  attempts: number
  go(): void
  /** The hold was extended. */
  look(): void
}

/** An incorrect header must not stop everything forever. */
const longestHoldMs = 3_600_000
/** A request that takes longer gives up its place: one that hangs must not block the others. */
const patienceMs = 1_000
/** A hold is forgotten this long after it ends, unless requests have been waiting since. */
const forgetAfterMs = 60_000

/**
 * Creates what partner fetches share, so that after a 429 the other calls for the same customer wait too, or all calls if a
 * second customer is throttled meanwhile; then they resume 1, 2, 4, … at a time. Each partner fetch creates its own by default.
 *
 * @example
 * ```ts
 * import { createPartnerFetch, createRateLimit } from '@devicebatch/edge'
 *
 * const rateLimit = createRateLimit()
 * const credential = () => process.env.DEVICEBATCH_TOKEN!
 * const american = createPartnerFetch({ credential, rateLimit, locale: 'en-US' })
 * const german = createPartnerFetch({ credential, rateLimit, locale: 'de-DE' })
 * ```
 */
export function createRateLimit(): RateLimit {
  const lanes = new Map<string, Lane>()
  const everyone = openLane()
  let cancelTimer = (): void => {}

  const leftMs = ({ heldUntil }: Lane): number => Math.max(0, heldUntil - performance.now())
  const hasRoom = ({ inFlight, window }: Lane): boolean => inFlight + 1 <= window
  const isForgotten = ({ heldUntil, inFlight, line }: Lane): boolean =>
    inFlight + line.length === 0 && performance.now() - heldUntil > forgetAfterMs
  const heldMs = (lane: Lane): number => Math.max(leftMs(lane), leftMs(everyone))
  const laneOf = (customer: string): Lane => {
    const known = lanes.get(customer)
    if (known && !isForgotten(known)) return known
    const lane = openLane()
    lanes.set(customer, lane)
    return lane
  }

  const letGo = (): void => {
    cancelTimer()
    if (isForgotten(everyone)) Object.assign(everyone, openLane())
    let nextMs = Infinity
    for (const [customer, lane] of lanes) {
      if (isForgotten(lane)) lanes.delete(customer)
      if (lane.line.length === 0) continue
      // Read once: a hold that ends between two readings would leave the lane without a timer.
      const ms = heldMs(lane)
      if (ms > 0) nextMs = Math.min(nextMs, ms)
      if (ms > 0 || !hasRoom(lane) || !hasRoom(everyone)) continue
      // Moved to the end of the map, so that the other customers go first.
      lanes.delete(customer)
      lanes.set(customer, lane)
      lane.line.shift()!.go()
    }
    // Requests that are not held wait for another to end; no timer remains when nothing waits.
    cancelTimer = startTimer(nextMs, letGo)
  }

  const take = (lane: Lane): Leave => {
    const taken = [lane, everyone].map((of) => ({ of, round: of.round }))
    const mine = (): Lane[] => taken.flatMap(({ of, round }) => (of.round === round ? of : []))
    let hasPlace = true
    const givePlace = (): void => {
      for (const of of hasPlace ? mine() : []) of.inFlight--
      hasPlace = false
      letGo()
    }
    for (const of of mine()) of.inFlight++
    const cancelPatience = startTimer(patienceMs, givePlace)
    return (isGranted) => {
      cancelPatience()
      for (const of of isGranted ? mine() : []) {
        of.granted++
        of.window += of.window < of.slowFrom ? 1 : 1 / (4 * of.window)
      }
      givePlace()
    }
  }

  const holdLane = (lane: Lane, until: number): void => {
    if (leftMs(lane) === 0) {
      if (lane.round > 0) lane.slowFrom = Math.max(1, lane.granted / 4)
      lane.round++
      lane.window = 1
      lane.granted = 0
      lane.inFlight = 0
    }
    lane.heldUntil = Math.max(lane.heldUntil, until)
  }

  const queue: CallQueue = {
    // A hold of all requests ends no later than that of the customer whose 429 caused it.
    isActive: () => lanes.size > 0,
    enter: (url, call, signal, remainingMs, onHeld) =>
      new Promise((resolve, reject) => {
        const lane = laneOf(customerOf(url))
        const { attempts } = call
        const quit = (): void => {
          lane.line = lane.line.filter((other) => other !== waiter)
          letGo()
        }
        const waiter: Waiter = {
          attempts,
          go: () => resolve(take(lane)),
          look() {
            const ms = heldMs(lane)
            if (ms >= remainingMs()) {
              reject(toHeldError(call, ms))
              quit()
              // A timer that fired a fraction of a millisecond early does not deserve an event.
            } else if (ms >= 1) onHeld(ms)
          },
        }
        signal.addEventListener('abort', quit)
        const at = lane.line.findIndex((other) => other.attempts < attempts)
        lane.line.splice(at < 0 ? lane.line.length : at, 0, waiter)
        waiter.look()
        letGo()
      }),
    isHeld: (url) => heldMs(laneOf(customerOf(url))) > 0,
    hold(url, ms) {
      const until = performance.now() + Math.min(ms, longestHoldMs)
      const lane = laneOf(customerOf(url))
      const isAnotherHeld = [...lanes.values()].some((other) => other !== lane && leftMs(other) > 0)
      holdLane(lane, until)
      if (isAnotherHeld) holdLane(everyone, until)
      for (const { line } of isAnotherHeld ? [...lanes.values()] : [lane]) {
        for (const waiter of line) waiter.look()
      }
    },
  }
  return queue
}

/** The customer in a URL; calls without one share the empty name. */
function customerOf(url: string): string {
  return /\/customers\/[^/?#]+/i.exec(url)?.[0].toLowerCase() ?? ''
}

function openLane(): Lane {
  return {
    heldUntil: 0,
    window: Infinity,
    granted: 0,
    slowFrom: Infinity,
    inFlight: 0,
    round: 0,
    line: [],
  }
}
