/** What does a failure of the file system mean? */
import { InvalidArgumentError } from '@devicebatch/client'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder. Check the path.',
  EACCES: 'access is denied. Check its permissions.',
  EPERM: 'access is denied. Check its permissions, and that no other program has it open.',
  EBUSY: 'another program has it open. Close it there.',
  EISDIR: 'it is a folder. Name a file.',
  ENOTDIR: 'a part of its path is not a folder. Check the path.',
  ENOSPC: 'the disk is full.',
  EROFS: 'the disk is read-only.',
}

/**
 * The error to throw in place of `error`: a refusal that names the file when the file system failed, anything else unchanged.
 *
 * @param subject What the file is to the user, with its path.
 * @param failed What could not be done with it, as in `cannot be read`.
 */
export function describeFileError(error: unknown, subject: string, failed: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return error
  return new InvalidArgumentError(
    `${subject} ${failed}: ${reasons[code] ?? `the system reports ${code}.`}`,
    undefined,
    error,
  )
}
