/** The errors of locks. Any other failure is the file system's own error, with its `code`. */
import type { LockHolder } from './lock-owner.ts'

/** Another process holds the lock. */
export class FileLockedError extends Error {
  /** Always `'file-locked'`. */
  readonly code = 'file-locked'
  /** The lock file. */
  readonly path: string
  /** The process that holds the lock; absent when the lock file does not name it. */
  readonly holder: LockHolder | undefined

  /** @hidden */
  constructor(path: string, holder: LockHolder | undefined) {
    super(
      `The lock ${path} is held by ${holder ? `process ${holder.pid} on ${holder.host} since ${holder.since}` : 'another process'}. ` +
        'Wait for that process to finish, or stop it; the lock is then free, and you need not delete anything.',
    )
    this.path = path
    this.holder = holder
  }
}

/** This process no longer holds the lock. */
export class FileLockLostError extends Error {
  /** Always `'file-lock-lost'`. */
  readonly code = 'file-lock-lost'
  /** The lock file. */
  readonly path: string

  /** @hidden */
  constructor(path: string, options?: ErrorOptions) {
    super(
      `This process no longer holds the lock ${path}: it was suspended for a while and another process took the lock over, ` +
        'or someone deleted the file. Stop the work that the lock protects, and start it again.',
      options,
    )
    this.path = path
  }
}

for (const type of [FileLockedError, FileLockLostError]) {
  Object.defineProperty(type.prototype, 'name', { value: type.name, configurable: true, writable: true })
}
