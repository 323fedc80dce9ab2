/**
 * What the command needs of this package beyond its public names. Unstable: it may change in any release.
 *
 * @module
 */
export { toCsvLine } from './report/csv-line.ts'
