/** What can go wrong with a lock. Everything else that fails is the file system's own error, with its `code`. */
import type { LockHolder } from './lock-owner.ts'

/** Another process holds the lock. */
export class FileLockedError extends Error {
  /** Always `'file-locked'`. */
  readonly code = 'file-locked'
  /** The lock file. */
  readonly path: string
  /** Who holds the lock; absent when its file does not say. */
  readonly holder: LockHolder | undefined

  /** @hidden */
  constructor(path: string, holder: LockHolder | undefined) {
    super(
      `The lock ${path} is held by ${holder ? `process ${holder.pid} on ${holder.host} since ${holder.since}` : 'another process'}. ` +
        'Wait for that process, or end it; the lock is then free without anything being deleted.',
    )
    this.path = path
    this.holder = holder
  }
}

/** This process held the lock and does not hold it anymore. */
export class FileLockLostError extends Error {
  /** Always `'file-lock-lost'`. */
  readonly code = 'file-lock-lost'
  /** The lock file. */
  readonly path: string

  /** @hidden */
  constructor(path: string, options?: ErrorOptions) {
    super(
      `This process no longer holds the lock ${path}: it did not run for a while and another process took the lock over, ` +
        'or somebody deleted the file. Stop what the lock protects, and start it again.',
      options,
    )
    this.path = path
  }
}

for (const type of [FileLockedError, FileLockLostError]) {
  Object.defineProperty(type.prototype, 'name', { value: type.name, configurable: true, writable: true })
}
