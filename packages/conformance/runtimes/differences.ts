/** Where the runtimes differ: every difference that a test knows of, on which runtimes, and why. There is no other. */

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
      'The Fetch standard gives a page an opaque answer for a redirect that is not followed; other runtimes show its status.',
  },
  /** `fetch` itself resends a request whose response was lost. */
  repeatsLostRequests: {
    on: ['deno', 'bun', 'chromium'],
    reason:
      'When a connection that was kept from an earlier request ends without an answer, `fetch` takes it for a stale one and sends the request once more, an upload too. It is the same request with the same MS-RequestId, so the service can tell.',
  },
  /** A bare `fetch` takes `Authorization` along to another origin. */
  leaksOverRedirects: {
    on: ['workerd2024'],
    reason:
      'workerd drops Authorization on a redirect to another origin only from the compatibility date on at which that became its default.',
  },
  /** A body that breaks off or is given up is also reported as an unhandled rejection. */
  reportsBrokenBodies: {
    on: ['workerd2024'],
    reason:
      'With an older compatibility date workerd itself does so, with a bare `fetch` too, although whoever reads the body was told of the error. So unhandled rejections are not counted there; on every other runtime they fail the run.',
  },
} satisfies Record<string, Difference>

/** Whether this difference shows on this runtime. */
export function differs(difference: keyof typeof differences, runtime: RuntimeName): boolean {
  const { on }: Difference = differences[difference]
  return on.includes(runtime)
}
