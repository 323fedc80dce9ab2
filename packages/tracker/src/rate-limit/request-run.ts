/** What the fetch knows about the work whose requests it sends. */
import { AsyncLocalStorage } from 'node:async_hooks'

/** When a request may be sent. The database decides; by `performance.now()`, the time is between these two. */
export interface Slot {
  notBefore: number
  notAfter: number
}

/** Work that sends requests. */
export interface RequestRun {
  /** The slot of its next request; without one, the request takes a slot itself. */
  slot?: Slot | undefined
  /** Called right before each request is sent; if it rejects, nothing is sent. */
  onBeforeSend?(method: string): Promise<void>
  /** Called when a request must wait so long that its worker should do something else; it was not sent. */
  onLongWait?(waitMs: number): void
}

const runs = new AsyncLocalStorage<RequestRun>()

/** Runs `call`, whose requests belong to this work. */
export function withRun<T>(run: RequestRun, call: () => Promise<T>): Promise<T> {
  return runs.run(run, call)
}

/** The work that the current request belongs to. */
export function currentRun(): RequestRun | undefined {
  return runs.getStore()
}
