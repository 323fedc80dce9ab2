/** What does a file system error mean? */
import { InvalidArgumentError } from '@devicebatch/client'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder. Check the path.',
  EACCES: 'access is denied. Check its permissions.',
  EPERM: 'access is denied. Check its permissions, and that no other program has it open.',
  EBUSY: 'another program has it open. Close it there.',
  EISDIR: 'it is a folder. Name a file.',
  ENOTDIR: 'a part of its path is not a folder. Check the path.',
  ENOSPC: 'the disk is full.',
  ENAMETOOLONG: 'its name is too long. Use a shorter one.',
  EROFS: 'the disk is read-only.',
}

/**
 * The error to throw instead of `error`: one that names the file if the file system failed; anything else is unchanged.
 *
 * @param subject What the file is to the user, with its path.
 * @param failed What failed, such as `cannot be read`.
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
