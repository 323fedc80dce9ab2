/** Reads a device file in slices, so that everything else goes on meanwhile. */
import { setImmediate as othersFirst } from 'node:timers/promises'

import type { NewDevice } from '@devicebatch/contract'
import type { DeviceNote } from '@devicebatch/csv'
import { readDevices } from '@devicebatch/csv'

import type { DeviceFile } from './checks.ts'
import { maxFileRows } from './http/limits.ts'

/** How many problems are shown; whoever has more of them fixes the file first. */
const mostProblems = 200
/** A few milliseconds of work. */
const sliceRows = 200

/**
 * The rows of the file; `undefined` when there are too many.
 *
 * Rejects with `InvalidArgumentError` when it is no device file.
 */
export async function readDeviceFile(file: File): Promise<DeviceFile | undefined> {
  const devices: NewDevice[] = []
  const problems: DeviceFile['problems'][number][] = []
  const notes: DeviceNote[] = []
  let [rows, problemCount] = [0, 0]
  for await (const { line, device, problem, note } of readDevices(() => file.stream())) {
    if (note) {
      notes.push(note)
      continue
    }
    if (++rows > maxFileRows) return undefined
    if (rows % sliceRows === 0) await othersFirst()
    if (device) devices.push(device)
    else if (problem && problemCount++ < mostProblems) problems.push({ line, problem })
  }
  return { fileName: file.name, devices, problems, problemCount, notes }
}
