/**
 * Device files in, result files out, on any runtime.
 *
 * @module @devicebatch/csv
 */
export { readDevices } from './read-devices.ts'
export type { DeviceRow, ReadDevicesOptions } from './read-devices.ts'
export type { DeviceProblem, DeviceProblemCode } from './device-row.ts'
export type { DeviceFileSource } from './source-text.ts'
export { toCsvLine } from './csv-line.ts'
export { writeReport } from './write-report.ts'
export type { ReportDevice, ReportRow } from './write-report.ts'
