/** When tests give up on what hangs. How long anything takes on a busy machine is not what they check. */

/** In milliseconds. It ends before its test does, because it says what the test was waiting for. */
export const patienceMs = 1_500_000

const timeoutMs = 1_800_000

/** For the `test` of a vitest.config.ts. */
export const patient = {
  testTimeout: timeoutMs,
  hookTimeout: timeoutMs,
  expect: { poll: { timeout: patienceMs } },
}

/**
 * For `createServer`: on a busy machine, a program may use a connection again that was idle
 * for the usual 5 seconds, just as it is closed.
 */
export const keepsConnections = { keepAliveTimeout: 300_000 }
