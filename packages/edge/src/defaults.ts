/** The defaults that several packages of this workspace share. */

/** The timeout of one attempt of a call. */
export const defaultAttemptTimeoutMs = 60_000

/** How an upload is polled. */
export const defaultPolling = { initialIntervalMs: 2_000, maxIntervalMs: 30_000, maxFailures: 5 } as const
