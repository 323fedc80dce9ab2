/** How is a short text that the user wrote read, such as settings or a secret? */
import { readFile } from 'node:fs/promises'

import { describeFileError } from './file-error.ts'

/**
 * Reads a text in UTF-8 or, as Windows PowerShell writes it, in UTF-16, without its byte order mark. Rejects with
 * `InvalidArgumentError` when the file cannot be read.
 *
 * @param subject What the file is to the user, with its path.
 */
export async function readTextFile(path: string, subject: string): Promise<string> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (error) {
    throw describeFileError(error, subject, 'cannot be read')
  }
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes)
}
