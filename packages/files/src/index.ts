/**
 * Atomic file writes, and file locks that one process holds at a time.
 *
 * @module @devicebatch/files
 */
export { FileLockedError, FileLockLostError } from './errors.ts'
export { linkFile } from './link-file.ts'
export type { FileLock, FileLockOptions } from './lock-file.ts'
export { lockFile } from './lock-file.ts'
export type { LockHolder } from './lock-owner.ts'
export type { FileContent, ReplaceFileOptions } from './replace-file.ts'
export { removeFile, removeLeftovers, replaceFile } from './replace-file.ts'
export { isSameFile } from './same-file.ts'
