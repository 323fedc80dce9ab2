/**
 * Which requests wait because the service is throttling? After a 429, those for the same customer; if a second customer is
 * throttled meanwhile, all requests of the client. Then they resume 1, 2, 4, … at a time, each customer in turn.
 */
import { startTimer } from './wait.ts'

/** Called when a request has ended; `isGranted` when a response other than 429 arrived. */
export type Leave = (isGranted: boolean) => void

export interface RateLimit {
  /** Whether any request must wait or be counted. */
  isActive(): boolean
  /**
   * Waits until a request for `customer` may be sent, and resolves with a function to call when it has ended.
   *
   * @param attempts How often it has been sent before: requests with more attempts go first.
   * @param signal Removes it from the queue.
   * @param onHeld Called with the length of the hold in milliseconds, when the wait begins and when the hold is extended.
   * When it returns false, `enter` resolves immediately with that length.
   */
  enter(
    customer: string,
    attempts: number,
    signal: AbortSignal,
    onHeld: (ms: number) => boolean,
  ): Promise<Leave | number>
  /** Holds all requests for `customer` after a 429. Call it before the {@link Leave} of that request. */
  hold(customer: string, ms: number): void
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

export function createRateLimit(): RateLimit {
  const lanes = new Map<string, Lane>()
  const everyone = openLane()
  let cancelTimer = (): void => {}

  const leftMs = ({ heldUntil }: Lane): number => Math.max(0, heldUntil - performance.now())
  const isOpen = (lane: Lane): boolean => lane.inFlight + 1 <= lane.window && leftMs(lane) === 0
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
      if (!isOpen(lane) || !isOpen(everyone)) {
        nextMs = Math.min(nextMs, heldMs(lane) || Infinity)
        continue
      }
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

  return {
    isActive: () => lanes.size > 0 || everyone.round > 0,
    enter: (customer, attempts, signal, onHeld) =>
      new Promise((resolve) => {
        const lane = laneOf(customer)
        const end = (result: Leave | number): void => {
          signal.removeEventListener('abort', quit)
          resolve(result)
        }
        // Only called while it is in the queue.
        const quit = (): void => {
          lane.line.splice(lane.line.indexOf(waiter), 1)
          letGo()
        }
        const waiter: Waiter = {
          attempts,
          go: () => end(take(lane)),
          look() {
            const ms = heldMs(lane)
            if (ms === 0 || onHeld(ms)) return
            end(ms)
            quit()
          },
        }
        signal.addEventListener('abort', quit, { once: true })
        const at = attempts > 0 ? lane.line.findIndex((other) => other.attempts < attempts) : -1
        lane.line.splice(at < 0 ? lane.line.length : at, 0, waiter)
        waiter.look()
        letGo()
      }),
    hold(customer, ms) {
      const until = performance.now() + Math.min(ms, longestHoldMs)
      const lane = laneOf(customer)
      const isAnotherHeld = [...lanes.values()].some((other) => other !== lane && leftMs(other) > 0)
      holdLane(lane, until)
      if (isAnotherHeld) holdLane(everyone, until)
      for (const { line } of isAnotherHeld ? [...lanes.values()] : [lane]) {
        // A waiter that leaves may let others go.
        for (const waiter of line.slice()) if (line.includes(waiter)) waiter.look()
      }
      letGo()
    },
  }
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
