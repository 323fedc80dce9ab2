/** Which errors of the file system are transient? */
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Virus scanners, indexers and other readers open a file briefly, and Windows then refuses to rename or delete it; so do
 * network drives mounted elsewhere. Only Windows reports that as `EACCES`: on other systems the error is permanent.
 */
const transient: ReadonlySet<unknown> = new Set([
  'EBUSY',
  'EPERM',
  ...(process.platform === 'win32' ? ['EACCES'] : []),
])

/** The attempts take 1.3 seconds at most. */
const delaysMs = [10, 20, 40, 80, 160, 320, 640]

/** Retries the work while another program has the file open. Rejects with the last error. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const delayMs of delaysMs) {
    try {
      return await work()
    } catch (error) {
      if (!transient.has(codeOf(error))) throw error
      await sleep(delayMs)
    }
  }
  return await work()
}

/** The code of a file system error. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code
}
