/**
 * What the command-line tool needs beyond this package's public API. Unstable: it may change in any release.
 *
 * @module
 */
export { toCsvLine } from './report/csv-line.ts'
