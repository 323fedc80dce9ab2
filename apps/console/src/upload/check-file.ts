/** Can a device file be uploaded? Decided before anything is sent. */
import { InvalidArgumentError } from '@devicebatch/client'

import type { DeviceFile } from '../files/device-file.ts'
import { warningsOf } from '../files/device-file.ts'
import { count } from '../output/format.ts'

/**
 * Throws `InvalidArgumentError` when no device of the file can be sent.
 *
 * @param strict Whether to throw also when anything in it would not be sent.
 */
export function checkSendable(file: DeviceFile, strict: boolean): void {
  const { path, skipped, deviceCount } = file
  if (strict) checkStrictly(file)
  if (deviceCount > 0) return
  const rows =
    skipped.length === 1 ? 'its only row cannot' : `none of its ${count(skipped.length, 'row')} can`
  const found = skipped.length > 0 ? `${rows} be sent` : 'it has no rows'
  throw new InvalidArgumentError(
    `${path} has no device to send: ${found}. Nothing was uploaded. Correct the file and run the command again.`,
  )
}

function checkStrictly(file: DeviceFile): void {
  const { path, skipped } = file
  const [warning] = warningsOf(file)
  if (skipped.length === 0 && !warning) return
  const lines = skipped.slice(0, 10).map(({ line }) => line)
  const more = skipped.length > lines.length ? ', …' : ''
  const found =
    skipped.length > 0
      ? `has ${count(skipped.length, 'row')} that cannot be sent (line ${lines.join(', ')}${more})`
      : `cannot be sent as a whole: ${warning!.message.replace(/\.$/, '')}`
  throw new InvalidArgumentError(
    `${path} ${found}. Nothing was uploaded: correct the file, or leave out --strict.`,
  )
}
