/** Reads a device file in slices, so that other work continues meanwhile. */
import type { NewDevice } from '@devicebatch/contract'
import type { DeviceNote } from '@devicebatch/csv'
import { readDevices } from '@devicebatch/csv'

import type { DeviceFile } from './checks.ts'
import type { SentFile } from './http/form.ts'
import { maxFileRows } from './http/limits.ts'
import { inSlices } from './in-slices.ts'

/** A few milliseconds of work. */
export const sliceRows = 200

/**
 * The rows of the file; `undefined` if there are too many.
 *
 * Rejects with `InvalidArgumentError` when it is not a device file.
 */
export async function readDeviceFile({ name, pieces }: SentFile): Promise<DeviceFile | undefined> {
  const devices: NewDevice[] = []
  const problems: DeviceFile['problems'][number][] = []
  const notes: DeviceNote[] = []
  let rows = 0
  let delimiter = ','
  // Both in slices: a piece may have thousands of rows, and all pieces are read before the first row when rows have product IDs.
  const all = readDevices(() => inSlices(pieces, 1), { onDelimiter: (found) => (delimiter = found) })
  for await (const { line, device, problem, identity, note } of inSlices(all, sliceRows)) {
    if (note) {
      notes.push(note)
      continue
    }
    if (++rows > maxFileRows) return undefined
    if (device) devices.push(device)
    else problems.push({ line, problem, identity })
  }
  return { fileName: name, devices, problems, notes, delimiter }
}
