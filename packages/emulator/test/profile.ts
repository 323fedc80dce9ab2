/**
 * The profile of the emulators that the tests use. Each package creates its emulators with one helper, and each helper gets its
 * options from here. Everything that may differ between the profiles is in this file, with the reason.
 */

// oxlint-disable no-restricted-globals -- tests run on Node

import type { EmulatorOptions, EmulatorQuirks } from '@devicebatch/emulator'

/**
 * Quirks that are off in every suite: they make a correct program report something else or send other requests, so a test of exact
 * reports and requests could not allow for them. packages/conformance/endurance/unkind has them all on.
 */
const offEverywhere: EmulatorQuirks = {
  // Missing results, or results of another device, leave devices unresolved.
  missingResults: 0,
  foreignResults: 0,
  foreignStatuses: 0,
  // A repeated result is reported as such, and a late one as unresolved.
  repeatedResults: 0,
  lateResultsMs: 0,
  // These cause repeated or later requests.
  throttledCalls: 0,
  statusAfterMs: 0,
  batchAfterMs: 0,
  tokenDelayMs: 0,
  // A request that is processed twice is reported as such.
  deduplicate: true,

  // Calls that fail permanently: if a call cannot sign in, only its caller can repeat it.
  mfaRefusals: 0,
  busyTokenEndpoint: 0,
  // Tokens without MFA, which `doctor` reports.
  isMfaCompliant: true,
  // Each worker of a test signs in with the emulator's first refresh token, which must stay valid.
  refreshTokenRotation: 'renew',
}

/** What a single test may turn off too, by passing it as its emulator's `quirks`. */
export const fixed = {
  /** Programs show status values as received. These tests compare all output, or are about a documented value. */
  statusValues: { statusValues: 'snake_case', batchStatusTellsErrors: false },
  /** With only a tracking ID, a program counts the devices that the status lists. These tests expect the full count from the start. */
  unfinishedResults: { unfinishedResults: 'listed' },
  /** The service determines how many requests a list takes. These tests count them. */
  pages: { pages: 'full' },
} satisfies Record<string, EmulatorQuirks>

/** The environment of tests with an unkind emulator. Seed 13 picks 13 of the quirks that are not off everywhere. */
export const unkindEnvironment = {
  EMULATOR_PROFILE: 'unkind',
  EMULATOR_SEED: process.env['EMULATOR_SEED'] ?? '13',
}

/** The options of a test's emulator with the profile of this run; the test's own options take precedence. */
export function underProfile({ quirks, ...options }: EmulatorOptions = {}): EmulatorOptions {
  if (process.env['EMULATOR_PROFILE'] !== 'unkind') return { ...options, ...(quirks && { quirks }) }
  const seed = Number(process.env['EMULATOR_SEED'])
  return { profile: 'unkind', seed, ...options, quirks: { ...offEverywhere, ...quirks } }
}
