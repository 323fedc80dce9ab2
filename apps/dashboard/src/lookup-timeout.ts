/** How long does a page wait for Partner Center? Proxies give up after a minute, and the page is complete without the answer. */

/** For each question, with its retries, in milliseconds. */
export const lookupTimeoutMs = 10_000
