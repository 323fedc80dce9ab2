/**
 * Reading results of the service yourself: match rows with results, and read dates. Reports do both for you.
 *
 * @module @devicebatch/client/results
 */
export { matchResults } from './reports/match-results.ts'
export type { Identifiers, Match, Matches } from './reports/match-results.ts'
export { parsePartnerDate } from './reports/partner-date.ts'
