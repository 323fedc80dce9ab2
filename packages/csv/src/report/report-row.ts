/** Which cells does one row of a report have? */
import type { Identifiers } from '@devicebatch/client'

import { columnNames } from '../columns/header-names.ts'
import type { DeviceProblem } from '../rows/device-problem.ts'
import type { RowIdentity } from '../rows/row-identity.ts'
import { toText } from './report-text.ts'
import type { Verdict } from './report-text.ts'

/** A row as {@link formatReport} takes it: what `readDevices` yields, with or without the hardware hash. */
export type ReportRow =
  | { line: number; device: ReportDevice; problem?: undefined; note?: undefined }
  | {
      line: number
      device?: undefined
      problem: DeviceProblem
      identity?: RowIdentity | undefined
      note?: undefined
    }

/** The device properties that a report shows. */
export interface ReportDevice extends Identifiers {
  /** The manufacturer. */
  oemManufacturerName?: string | null | undefined
  /** The model. */
  modelName?: string | null | undefined
  /** Never written; declared so that devices of `readDevices` are assignable. */
  hardwareHash?: string | null | undefined
}

/** The columns of a report. */
export const header: readonly string[] = [
  'Line',
  columnNames.serialNumber,
  columnNames.productKey,
  columnNames.oemManufacturerName,
  columnNames.modelName,
  'Outcome',
  'Error code',
  'Error name',
  'Meaning',
  'What to do',
]

/** The cells of a row that was not sent. */
export function cellsOfRefused(
  { line, problem, identity = {} }: Extract<ReportRow, { problem: DeviceProblem }>,
  more?: readonly string[],
): string[] {
  return cellsOf(line, identity, describeProblem(problem), more)
}

function describeProblem({ code, column, message, fix }: DeviceProblem): Verdict {
  const meaning = column === undefined ? message : `Column "${column}": ${message}`
  return { outcome: 'not sent', errorCode: '', errorName: code, meaning, remedy: fix }
}

/** The cells of a row with what is known of its device. */
export function cellsOf(
  line: number | '',
  device: ReportDevice,
  verdict: Verdict,
  more: readonly string[] = [],
): string[] {
  const { serialNumber, productKey, oemManufacturerName, modelName } = device
  const { outcome, errorCode, errorName, meaning, remedy } = verdict
  const identity = [serialNumber, productKey, oemManufacturerName, modelName].map(toText)
  return [String(line), ...identity, outcome, errorCode, errorName, meaning, remedy, ...more]
}
