/** When may a request go? A fetch that limits its own rate says so before each attempt, outside all timeouts. */

/** Resolves when the request may be sent; rejects with the reason of `signal`, or when nothing may be sent. */
export type Admit = (
  url: string,
  request: { method: string; signal: AbortSignal | null | undefined },
) => Promise<void>

// Registered, so that every copy of this package recognizes such a fetch.
const admitKey: unique symbol = Symbol.for('devicebatch.admit')

/** Makes every attempt that uses this fetch wait for `admit` first. Neither timeout of a call counts that wait. */
export function withAdmission(fetch: typeof globalThis.fetch, admit: Admit): typeof globalThis.fetch {
  return Object.assign(fetch, { [admitKey]: admit })
}

/** What {@link withAdmission} attached to a fetch. */
export function admissionOf(fetch: typeof globalThis.fetch | undefined): Admit | undefined {
  return (fetch as { [admitKey]?: Admit } | undefined)?.[admitKey]
}
