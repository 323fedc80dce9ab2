/** Which database do the tracker's commands use? */
import { InvalidArgumentError } from '@devicebatch/client'
import type { PartnerFetchOptions } from '@devicebatch/client'
import type { Tracker } from '@devicebatch/tracker'

import type { CommandContext } from '../cli/context.ts'
import { trackerFolder } from '../service/config-folder.ts'

/** How the database is found. */
export interface DatabaseOptions {
  directory?: string | undefined
}

/**
 * Runs `use` with a tracker on the database that the options or the environment name, and closes it.
 *
 * @param partner The access to Partner Center; without it, no request is sent.
 * Rejects with `InvalidArgumentError` when the database cannot be used.
 */
export async function withTracker<T>(
  { env, stderr }: Pick<CommandContext, 'env' | 'stderr'>,
  { directory }: DatabaseOptions,
  use: (tracker: Tracker) => Promise<T>,
  partner?: PartnerFetchOptions,
): Promise<T> {
  // Loaded here: no other command needs a database.
  const { createTracker, DatabaseError } = await import('@devicebatch/tracker')
  const url = env['DEVICEBATCH_DATABASE_URL']?.trim()
  if (!url && directory === undefined && env['DATABASE_URL']) {
    throw new InvalidArgumentError(
      'DATABASE_URL is now called DEVICEBATCH_DATABASE_URL: rename the variable, or name a --directory.',
    )
  }
  if (url && directory !== undefined) {
    throw new InvalidArgumentError(
      'DEVICEBATCH_DATABASE_URL and --directory name two databases. Leave one of them out.',
    )
  }
  const tracker = createTracker({
    database: url || { directory: directory ?? trackerFolder(env) },
    partner: partner ?? { credential: () => 'none' },
    onError: (error) =>
      stderr.write(`devicebatch: ${error instanceof Error ? error.message : String(error)}\n`),
  })
  try {
    return await use(tracker)
  } catch (error) {
    if (error instanceof DatabaseError) throw new InvalidArgumentError(error.message, undefined, error)
    throw error
  } finally {
    await tracker.close()
  }
}
