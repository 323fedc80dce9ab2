/** When is a refusal of the file system worth another attempt? */
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Virus scanners, indexers and other readers hold a file open for moments, and Windows refuses to rename or delete it then;
 * network drives that are mounted elsewhere do the same. Only Windows says `EACCES` for it: everywhere else that is final.
 */
const transient: ReadonlySet<unknown> = new Set([
  'EBUSY',
  'EPERM',
  ...(process.platform === 'win32' ? ['EACCES'] : []),
])

/** The attempts take 1.3 seconds at most. */
const delaysMs = [10, 20, 40, 80, 160, 320, 640]

/** Does the work again while another program has the file open. Rejects with the last error. */
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

/** The code of an error of the file system. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code
}
