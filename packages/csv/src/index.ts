/**
 * Device files in, result files out, on any runtime.
 *
 * @module @devicebatch/csv
 */
export { readDevices } from './read-devices.ts'
export type { DeviceRow, ReadDevicesOptions } from './read-devices.ts'
export { isPlaceholder } from './rows/placeholders.ts'
export type { DeviceProblem, DeviceProblemCode } from './rows/device-problem.ts'
export type {
  ColumnNote,
  DeviceNote,
  DeviceNoteCode,
  GroupTagNote,
  PlaceholderNote,
  ProductIdNote,
  ReadingNote,
} from './notes/device-note.ts'
export type { DeviceFileContent, DeviceFileSource } from './text/source-text.ts'
export type { RowIdentity } from './rows/row-identity.ts'
export { formatProblems, formatReport, formatResults } from './report/format-report.ts'
export type { DeviceResult, FormatReportOptions } from './report/format-report.ts'
export type { ReportDevice, ReportRow } from './report/report-row.ts'
