/** Starts the embedded PostgreSQL. */
import type { PGlite } from '@electric-sql/pglite'

/**
 * Starts it with the files in a directory, or in memory. They must not be open elsewhere.
 *
 * @param directory Created if it does not exist.
 */
export async function openPglite(directory?: string): Promise<PGlite> {
  // Loaded only when used, because it is a complete PostgreSQL.
  const { PGlite } = await import('@electric-sql/pglite')
  // Opening fills this memory with zeros: of PostgreSQL's usual 128 MB that takes as long as all the rest, and the system caches
  // the files anyway.
  const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB']
  const pglite = new PGlite(directory, { startParams })
  await pglite.waitReady
  return pglite
}
