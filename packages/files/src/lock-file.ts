/** How does exactly one process hold a lock? */
import { setTimeout as sleep } from 'node:timers/promises'

import { FileLockedError, FileLockLostError } from './errors.ts'
import type { LockNode } from './lock-chain.ts'
import { leavePlace, readChain, readNode, sendHeartbeat, takePlace } from './lock-chain.ts'
import type { LockHolder, LockOwner, ProcessIdentity } from './lock-owner.ts'
import { createToken, findProcess, identifyProcess, isStaleMs } from './lock-owner.ts'
import { refuseOtherThanFile } from './replace-file.ts'

/** How {@link lockFile} treats an existing lock. */
export interface FileLockOptions {
  /**
   * After how many milliseconds without a heartbeat a lock counts as abandoned when its holder cannot be looked up, because it
   * runs in another container or on another machine; from 100 to 3,600,000. Default 20,000. The holder sends five heartbeats in
   * that time.
   */
  staleMs?: number | undefined
  /** Called when the call has to wait up to `staleMs` for a heartbeat of the holder. */
  onWait?: ((holder: LockHolder | undefined) => void) | undefined
  /** Ends that wait; the call then rejects with the signal's reason. */
  signal?: AbortSignal | undefined
}

/** A lock that this process holds until it releases the lock or exits. */
export interface FileLock {
  /** The lock file. */
  readonly path: string
  /**
   * Aborted, with a {@link FileLockLostError}, when this process finds that it no longer holds the lock: it did not run for
   * `staleMs` and another process took over, or someone deleted the file.
   */
  readonly signal: AbortSignal
  /**
   * Checks whether this process still holds the lock: call it right before any step that must not run twice. Rejects with
   * {@link FileLockLostError} when it does not, and with the file system's error when that cannot be determined.
   */
  check(): Promise<void>
  /** Releases the lock. If another process took over, its lock stays. Rejects with the file system's error. */
  release(): Promise<void>
}

/**
 * Acquires a lock that only one process holds at a time. The lock is a file; a holder that is killed leaves it behind, and the
 * next process takes it over.
 *
 * A holder on the same machine and in the same container is looked up by its process ID and start time, so a paused process
 * keeps its lock and a new process with a reused ID is not mistaken for the holder. A holder elsewhere sends heartbeats by
 * updating the file's modification time.
 *
 * @param path The lock file. Its folder must exist, and nothing else may use the file.
 * @param options When a lock counts as abandoned.
 * @returns The lock. Rejects with {@link FileLockedError} when another process, or this one, already holds it; with the file
 * system's error; with the reason of `signal`.
 * @example
 * ```ts
 * import { lockFile } from '@devicebatch/files'
 *
 * const lock = await lockFile('journal.json.lock')
 * try {
 *   await lock.check()
 *   // Work that only one process may do.
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
  await refuseOtherThanFile(path)
  const self = await identifyProcess()
  const owner: LockOwner = { ...self, token: createToken(), since: new Date().toISOString(), staleMs }
  for (;;) {
    signal?.throwIfAborted()
    const end = (await readChain(path)).at(-1)
    const state = end ? await judge(end, self, { ...options, staleMs }) : 'abandoned'
    if (state === 'held') throw new FileLockedError(path, holderOf(end))
    // If another process was faster, the next iteration finds it.
    if (state === 'abandoned' && (await takePlace(path, owner, end))) return hold(path, owner)
  }
}

function holderOf(node: LockNode | undefined): LockHolder | undefined {
  if (!node?.owner) return undefined
  const { pid, host, since } = node.owner
  return { pid, host, since }
}

/** Whether the owner of a place is alive; `'changed'` when the place got another owner meanwhile. */
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
  // Counted, not timed: both processes may be suspended together, and this one must not act before the holder had a chance to.
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
    if (!isReleased && (await sendHeartbeat(path, owner))) {
      confirmedAt = performance.now()
      return
    }
    lose()
    throw lost.signal.reason ?? new FileLockLostError(path)
  }
  const timer = setInterval(() => {
    check().catch((error: unknown) => {
      // A drive that fails briefly does not cost the lock; after `staleMs`, other processes may take over.
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
