/** The body of "Get the status of a device batch upload", as the quirks write it. */

import type { DeviceUploadDetails } from '@devicebatch/contract'

import type { EmulatorSettings } from '../options.ts'
import { listAs, withNulls } from '../quirks/absent.ts'
import { listResults } from '../quirks/results.ts'
import { spellDeviceStatus, spellStatus, spellTime } from '../quirks/wording.ts'
import type { Upload } from '../state/state.ts'
import { uploadDetailsAt } from './lifecycle.ts'

/** The status body of the upload at this time; undefined members are not sent. */
export function statusBody(upload: Upload, now: number, settings: EmulatorSettings): object {
  const details = uploadDetailsAt(upload, now, settings)
  const { status, startedTime, completedTime, devicesStatus } = details
  const rows = listResults(devicesStatus ?? [], upload, now, settings)
  const body = {
    ...details,
    status: spellStatus(status, settings, upload.sequence),
    startedTime: startedTime && spellTime(startedTime, settings),
    completedTime: completedTime && spellTime(completedTime, settings),
    devicesStatus: listAs(
      rows.map((row, index) => resultBody(row, `${upload.sequence} ${index}`, settings)),
      settings,
    ),
  }
  return withNulls(body, ['startedTime', 'completedTime'], settings)
}

const mayBeNull = ['deviceId', 'serialNumber', 'productKey', 'errorCode', 'errorDescription'] as const

function resultBody(row: DeviceUploadDetails, subject: string, settings: EmulatorSettings): object {
  const { status, errorCode } = row
  const body = {
    ...row,
    ...(status !== undefined && { status: spellDeviceStatus(status, settings, subject) }),
    ...(errorCode !== undefined && {
      errorCode: settings.numericErrorCodes ? Number(errorCode) : errorCode,
    }),
  }
  return withNulls(body, mayBeNull, settings)
}
