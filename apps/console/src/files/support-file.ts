/** Where does `--record` write? To a file that only its owner can read. */
import { appendFileSync } from 'node:fs'

import { describeFileError } from './file-error.ts'

/** Returns a function that appends a line to the file. Throws `InvalidArgumentError` when the file cannot be written. */
export function openSupportFile(path: string): (line: string) => void {
  const append = (text: string): void => appendFileSync(path, text, { mode: 0o600 })
  try {
    append('')
  } catch (error) {
    throw describeFileError(error, `The file ${path} of --record`, 'cannot be written')
  }
  return (line) => append(`${line}\n`)
}
