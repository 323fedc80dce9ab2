/** How does one process at a time hold a lock? */
import { setTimeout as sleep } from 'node:timers/promises'

import { FileLockedError, FileLockLostError } from './errors.ts'
import type { LockNode } from './lock-chain.ts'
import { leavePlace, readChain, readNode, signalLife, takePlace } from './lock-chain.ts'
import type { LockHolder, LockOwner, ProcessIdentity } from './lock-owner.ts'
import { createToken, findProcess, identifyProcess, isStaleMs } from './lock-owner.ts'

/** How {@link lockFile} decides about a lock that is there. */
export interface FileLockOptions {
  /**
   * After how many milliseconds without a sign of life a lock is abandoned when its holder cannot be looked for, because it runs
   * in another container or on another machine; from 100 to 3,600,000. Default 20,000. The holder gives a sign of life five
   * times in that time.
   */
  staleMs?: number | undefined
  /** Called when it has to be observed for that long whether the holder gives a sign of life. */
  onWait?: ((holder: LockHolder | undefined) => void) | undefined
  /** Ends that observation; the call then rejects with the signal's own reason. */
  signal?: AbortSignal | undefined
}

/** A lock that this process holds until it releases it or ends. */
export interface FileLock {
  /** The lock file. */
  readonly path: string
  /**
   * Aborted, with a {@link FileLockLostError}, when this process finds that it no longer holds the lock: it did not run for
   * `staleMs` and another process took the lock over, or somebody deleted the file.
   */
  readonly signal: AbortSignal
  /**
   * Looks whether this process still holds the lock: call it right before what must not be done twice. Rejects with
   * {@link FileLockLostError} when it does not, with the file system's error when it cannot tell.
   */
  check(): Promise<void>
  /** Releases the lock. The lock of a process that took over stays. Rejects with the file system's error. */
  release(): Promise<void>
}

/**
 * Takes a lock: of any number of processes, one holds it. It is a file; a holder that was killed leaves it behind, and the next
 * process takes it over.
 *
 * A holder of the same machine and container is looked for by its number and its start time, so that neither a process that is
 * paused nor one that was given the same number is mistaken for the other. A holder elsewhere gives a sign of life, by the time
 * of the file, and is observed.
 *
 * @param path The lock file. Its folder must exist, and nothing else may use the file.
 * @param options When a lock is abandoned.
 * @returns The lock. Rejects with {@link FileLockedError} when another process holds it, or this one does; with the file
 * system's error; with the reason of `signal`.
 * @example
 * ```ts
 * import { lockFile } from '@devicebatch/files'
 *
 * const lock = await lockFile('journal.json.lock')
 * try {
 *   await lock.check()
 *   // What only one process may do.
 * } finally {
 *   await lock.release()
 * }
 * ```
 */
export async function lockFile(path: string, options: FileLockOptions = {}): Promise<FileLock> {
  const { staleMs = 20_000, signal } = options
  if (!isStaleMs(staleMs)) {
    throw new RangeError(
      `\`staleMs\` must be a number from 100 to 3,600,000 (one hour); got ${String(staleMs)}.`,
    )
  }
  const self = await identifyProcess()
  const owner: LockOwner = { ...self, token: createToken(), since: new Date().toISOString(), staleMs }
  for (;;) {
    signal?.throwIfAborted()
    const end = (await readChain(path)).at(-1)
    const state = end ? await judge(end, self, { ...options, staleMs }) : 'abandoned'
    if (state === 'held') throw new FileLockedError(path, holderOf(end))
    // Whoever is quicker is found by the next look.
    if (state === 'abandoned' && (await takePlace(path, owner, end))) return hold(path, owner)
  }
}

function holderOf(node: LockNode | undefined): LockHolder | undefined {
  if (!node?.owner) return undefined
  const { pid, host, since } = node.owner
  return { pid, host, since }
}

/** Whether the owner of a place is there; `'changed'` when the place was given to another meanwhile. */
async function judge(
  node: LockNode,
  self: ProcessIdentity,
  { staleMs, onWait, signal }: FileLockOptions & { staleMs: number },
): Promise<'held' | 'abandoned' | 'changed'> {
  const found = node.owner ? await findProcess(node.owner, self) : 'unknown'
  if (found === 'running') return 'held'
  if (found === 'gone') return 'abandoned'
  onWait?.(holderOf(node))
  const looks = 10
  const lookMs = (node.owner?.staleMs ?? staleMs) / looks
  // Counted and not timed: both processes may be suspended together, and this one must not be the first to act then.
  for (let look = 0; look < looks; look++) {
    await sleep(lookMs, undefined, { signal }).catch((error: unknown) => {
      signal?.throwIfAborted()
      throw error
    })
    const now = await readNode(node.name)
    if (now?.id !== node.id) return 'changed'
    if (now.beat !== node.beat) return 'held'
  }
  return 'abandoned'
}

function hold(path: string, owner: LockOwner): FileLock {
  const lost = new AbortController()
  let isReleased = false
  let confirmedAt = performance.now()
  const lose = (cause?: unknown): void => {
    clearInterval(timer)
    if (!isReleased) lost.abort(new FileLockLostError(path, cause === undefined ? undefined : { cause }))
  }
  const check = async (): Promise<void> => {
    lost.signal.throwIfAborted()
    if (!isReleased && (await signalLife(path, owner))) {
      confirmedAt = performance.now()
      return
    }
    lose()
    throw lost.signal.reason ?? new FileLockLostError(path)
  }
  const timer = setInterval(() => {
    check().catch((error: unknown) => {
      // A drive that does not answer for a moment takes nothing away; after `staleMs`, others may take over.
      if (performance.now() - confirmedAt > owner.staleMs) lose(error)
    })
  }, owner.staleMs / 5).unref()
  return {
    path,
    signal: lost.signal,
    check,
    async release() {
      if (isReleased) return
      isReleased = true
      clearInterval(timer)
      await leavePlace(path, owner)
    },
  }
}
