/** Every difference between runtimes that the tests take into account: on which runtimes, and why. */

/** The runtimes of the suite. */
export type RuntimeName =
  | 'node22'
  | 'node24'
  | 'node26'
  | 'deno'
  | 'bun'
  | 'workerd'
  | 'workerd2024'
  | 'edgeRuntime'
  | 'chromium'

interface Difference {
  on: readonly RuntimeName[]
  reason: string
}

export const differences = {
  /** The status of a redirect that is not followed is 0. */
  hidesRedirects: {
    on: ['chromium'],
    reason:
      'The Fetch standard gives a page an opaque response for a redirect that is not followed; other runtimes show its status.',
  },
  /** `fetch` itself resends a request whose response was lost. */
  repeatsLostRequests: {
    on: ['deno', 'bun', 'chromium'],
    reason:
      'If a reused connection closes without a response, `fetch` assumes that it was stale and resends the request, even an upload. It has the same MS-RequestId, so the service can recognize it.',
  },
  /** A bare `fetch` sends `Authorization` on to another origin. */
  leaksOverRedirects: {
    on: ['workerd2024'],
    reason:
      'workerd drops Authorization on a redirect to another origin only with a compatibility date that makes this the default.',
  },
  /** A body that is truncated or canceled is also reported as an unhandled rejection. */
  reportsBrokenBodies: {
    on: ['workerd2024'],
    reason:
      'With an older compatibility date, workerd itself does this, even with a bare `fetch`, although the reader of the body already got the error. So unhandled rejections are ignored there; on every other runtime they fail the run.',
  },
} satisfies Record<string, Difference>

/** Whether this runtime has this difference. */
export function differs(difference: keyof typeof differences, runtime: RuntimeName): boolean {
  const { on }: Difference = differences[difference]
  return on.includes(runtime)
}
