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

/** For `createServer`: an idle connection stays open. After the usual 5 seconds, a busy machine would use one just as it is closed. */
export const keepsConnections = { keepAliveTimeout: 300_000 }
