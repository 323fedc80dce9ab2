/** The profile `unkind`: picks inconvenient behaviors wherever the sources leave them open, depending on the seed. */

import { chance, choose } from './chance.ts'
import type { EmulatorQuirks } from './quirks.ts'

/** The quirks for this seed. When the clock stands still, no response may depend on its progress. */
export function unkindQuirks(seed: number, timeScale: number): EmulatorQuirks {
  const draw = <T>(name: keyof EmulatorQuirks, usual: T, ...unkind: readonly [T, ...T[]]): T =>
    chance(seed, 'whether', name) < 0.6 ? choose(unkind, seed, 'which', name) : usual
  return {
    bom: draw('bom', true, false),
    deduplicate: draw('deduplicate', true, false),
    batchAttributes: draw('batchAttributes', false, true),
    batchStatusTellsErrors: draw('batchStatusTellsErrors', false, true),
    yearOneTimes: draw('yearOneTimes', true, false),
    times: draw('times', 'zone-less', 'utc', 'offset', 'mixed'),
    statusValues: draw(
      'statusValues',
      'snake_case',
      'PascalCase',
      'kebab-case',
      'UPPER_CASE',
      'Title Case',
      'mixed',
    ),
    numericErrorCodes: draw('numericErrorCodes', false, true),
    nulls: draw('nulls', false, true),
    emptyLists: draw('emptyLists', 'empty', 'null', 'absent'),
    resultOrder: draw('resultOrder', 'upload', 'shuffled'),
    unfinishedResults: draw('unfinishedResults', 'listed', 'absent'),
    lateResultsMs: draw('lateResultsMs', 0, 5_000, 60_000),
    repeatedResults: draw('repeatedResults', 0, 0.1, 0.3),
    missingResults: draw('missingResults', 0, 0.05, 0.2),
    foreignResults: draw('foreignResults', 0, 0.3, 1),
    foreignStatuses: draw('foreignStatuses', 0, 0.02),
    statusAfterMs: draw('statusAfterMs', 0, 3_000, 20_000),
    batchAfterMs: draw('batchAfterMs', 0, 3_000, 20_000),
    pages: draw('pages', 'full', 'varied'),
    totalCount: draw('totalCount', 'all', 'page'),
    continuationTokenIn: draw('continuationTokenIn', 'body', 'links', 'header'),
    location: draw('location', 'relative', 'versioned', 'absolute'),
    policyCounter: draw('policyCounter', 'devicesAssigned', 'devicesAssignedCount', 'both'),
    throttledCalls: draw('throttledCalls', 0, 0.1, 0.3),
    retryAfter: 'mixed',
    mfaRefusals: draw('mfaRefusals', 0, 0.01),
    isMfaCompliant: draw('isMfaCompliant', true, false),
    busyTokenEndpoint: draw('busyTokenEndpoint', 0, 0.5),
    tokenDelayMs: timeScale > 0 ? draw('tokenDelayMs', 0, 2_000, 8_000) : 0,
    refreshTokenRotation: draw('refreshTokenRotation', 'renew', 'replace', 'none'),
  }
}
