/**
 * The profile that the tests of a package run their emulators with. Each package takes its emulators from one helper, and each
 * helper takes its options from here. Everything that may differ between the profiles stands in this file, with the reason.
 */

// oxlint-disable no-restricted-globals -- tests run on Node

import type { EmulatorOptions, EmulatorQuirks } from '@devicebatch/emulator'

/**
 * What is off in every suite: a correct program reports these differently or sends other requests because of them, and a
 * test of exact reports and requests could say neither. packages/conformance/endurance/unkind has them all on.
 */
const offEverywhere: EmulatorQuirks = {
  // Results that never come, or are another device's, leave devices unresolved.
  missingResults: 0,
  foreignResults: 0,
  foreignStatuses: 0,
  // One that comes twice is reported as repeated, one that comes after the end as unresolved.
  repeatedResults: 0,
  lateResultsMs: 0,
  // Requests more than once, or some time later.
  throttledCalls: 0,
  statusAfterMs: 0,
  batchAfterMs: 0,
  tokenDelayMs: 0,
  // What is carried out twice is reported as such.
  deduplicate: true,

  // Calls that fail for good: one that cannot sign in is repeated by its caller.
  mfaRefusals: 0,
  busyTokenEndpoint: 0,
  // Each command and each worker of a test signs in with the emulator's first refresh token, which must stay good.
  refreshTokenRotation: 'renew',
}

/** What a single test may fix besides, by passing it as its emulator's `quirks`. */
export const fixed = {
  /** The status value is shown as it came. These tests compare all of what is shown, or are about a documented value. */
  statusValues: { statusValues: 'snake_case', batchStatusTellsErrors: false },
  /** A status by its tracking id alone counts the devices that it lists. These tests know the count from the start. */
  unfinishedResults: { unfinishedResults: 'listed' },
  /** The service decides how many requests a list takes. These tests count them. */
  pages: { pages: 'full' },
} satisfies Record<string, EmulatorQuirks>

/** The environment of tests that meet an unkind emulator. Seed 13 draws 13 of the quirks that are not off everywhere. */
export const unkindEnvironment = {
  EMULATOR_PROFILE: 'unkind',
  EMULATOR_SEED: process.env['EMULATOR_SEED'] ?? '13',
}

/** The options of a test's emulator under the profile of this run; what the test itself chooses stands. */
export function underProfile({ quirks, ...options }: EmulatorOptions = {}): EmulatorOptions {
  if (process.env['EMULATOR_PROFILE'] !== 'unkind') return { ...options, ...(quirks && { quirks }) }
  const seed = Number(process.env['EMULATOR_SEED'])
  return { profile: 'unkind', seed, ...options, quirks: { ...offEverywhere, ...quirks } }
}
