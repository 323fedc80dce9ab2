/** Ways to wait for an upload, each a file of `waiters/`. */

export interface Waiter {
  createWaiter: (
    baseUrl: string,
    fetch: typeof globalThis.fetch,
    intervalMs: number,
  ) => (customerId: string, batchTrackingId: string) => Promise<unknown>
}

/** The module with that name. */
export async function loadWaiter(name: string): Promise<Waiter> {
  return (await import(`./waiters/${name}.js`)) as Waiter
}

/** The tracking ID of the upload with that number. */
export function trackingIdOf(index: number): string {
  return `0127ed8e-ff72-4983-a3d8-${index.toString(16).padStart(12, '0')}`
}
