/** What stands in the device file? */
import { createReadStream } from 'node:fs'

import { InvalidArgumentError, isPartnerCenterError } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import type { DeviceProblem, DeviceRow } from '@devicebatch/csv'
import { readDevices } from '@devicebatch/csv'

import { describeFileError } from './file-error.ts'

/**
 * How many devices go into one upload. The limit of the API is published nowhere; Partner Center's own page takes files of
 * up to 1,000 devices.
 */
export const maxDevicesPerUpload = 1_000

/** A row that cannot be sent. */
export interface SkippedRow {
  line: number
  problem: DeviceProblem
}

/** A device file that was read. */
export interface DeviceFile {
  path: string
  /** All rows, in the file's order. */
  rows: DeviceRow[]
  /** What can be sent. */
  devices: NewDevice[]
  /** What cannot, and why. */
  skipped: SkippedRow[]
}

/** What machines are told of a file. */
export function recordFile({ path, devices, skipped }: DeviceFile): object {
  return { file: { path, sent: devices.length, skipped } }
}

/**
 * Reads a device file whole.
 *
 * @param path Where it is.
 * @param encoding The encoding of a file that is not UTF-8 and has no byte order mark.
 * Rejects with `InvalidArgumentError` when it cannot be read, is no device file, or has more devices than one upload takes.
 */
export async function readDeviceFile(path: string, encoding?: string): Promise<DeviceFile> {
  const file: DeviceFile = { path, rows: [], devices: [], skipped: [] }
  try {
    for await (const row of readDevices(createReadStream(path), { encoding })) {
      file.rows.push(row)
      if (row.problem) file.skipped.push(row)
      else file.devices.push(row.device)
      if (file.devices.length > maxDevicesPerUpload) throw tooManyDevices()
    }
  } catch (error) {
    if (isPartnerCenterError(error))
      throw new InvalidArgumentError(`${path}: ${error.message}`, undefined, error)
    throw describeFileError(error, `The device file ${path}`, 'cannot be read')
  }
  return file
}

function tooManyDevices(): InvalidArgumentError {
  const limit = maxDevicesPerUpload.toLocaleString('en-US')
  return new InvalidArgumentError(
    `The device file has more than ${limit} devices, the most that one upload takes. Split it into files of ${limit} devices or fewer.`,
  )
}
