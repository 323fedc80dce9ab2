/** Which database do the tracker's commands use? */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { InvalidArgumentError } from '@devicebatch/client'
import type { PartnerCenterOptions } from '@devicebatch/client'
import type { Tracker, TrackerDatabase } from '@devicebatch/tracker'

import { UsageError } from '../cli/check-input.ts'
import type { CommandContext } from '../cli/context.ts'
import { trackerFolder } from '../service/config-folder.ts'
import { loadTracker } from './load-tracker.ts'

/** What opening a database needs of the command's surroundings. */
type TrackerContext = Pick<CommandContext, 'env' | 'stderr' | 'script'>

/** How the database is found. */
export interface DatabaseOptions {
  directory?: string | undefined
}

/**
 * The same for a command that only reads: rejects with `InvalidArgumentError` when there is no database in the folder, because
 * an empty one would look as if nothing had been uploaded.
 */
export async function withExistingTracker<T>(
  context: TrackerContext,
  options: DatabaseOptions,
  use: (tracker: Tracker) => Promise<T>,
): Promise<T> {
  const database = locateDatabase(context.env, options)
  if (typeof database === 'object' && !existsSync(join(database.directory, 'database'))) {
    const message =
      `There is no tracker database in ${database.directory}. Check --directory, or set DEVICEBATCH_DATABASE_URL; ` +
      '"devicebatch tracker submit" creates a database.'
    throw options.directory === undefined ? new InvalidArgumentError(message) : new UsageError(message)
  }
  return await withTracker(context, options, use)
}

/**
 * Runs `use` with a tracker on the database that the options or the environment name, and closes it.
 *
 * @param partner The access to Partner Center; without it, no request is sent.
 * Rejects with `InvalidArgumentError` when the database cannot be used.
 */
export async function withTracker<T>(
  context: TrackerContext,
  options: DatabaseOptions,
  use: (tracker: Tracker) => Promise<T>,
  partner?: PartnerCenterOptions,
): Promise<T> {
  const { env, stderr } = context
  const database = locateDatabase(env, options)
  const { createTracker } = await loadTracker(context)
  const tracker = createTracker({
    database,
    schema: env['DEVICEBATCH_DATABASE_SCHEMA']?.trim() || undefined,
    partner: partner ?? { credential: () => 'none' },
    onError: (error) =>
      stderr.write(`devicebatch: ${error instanceof Error ? error.message : String(error)}\n`),
  })
  try {
    return await use(tracker)
  } finally {
    await tracker.close()
  }
}

/** Makes sure, before anything else, that the tracker is installed and which database it uses. Rejects with `InvalidArgumentError`. */
export async function checkTracker(context: TrackerContext, options: DatabaseOptions): Promise<void> {
  locateDatabase(context.env, options)
  await loadTracker(context)
}

/** The database that the options or the environment name; throws `InvalidArgumentError` when both do. */
function locateDatabase(env: CommandContext['env'], { directory }: DatabaseOptions): TrackerDatabase {
  const url = env['DEVICEBATCH_DATABASE_URL']?.trim()
  if (url && directory !== undefined) {
    throw new UsageError(
      'DEVICEBATCH_DATABASE_URL and --directory name two databases. Leave one of them out.',
    )
  }
  if (directory !== undefined && statSync(directory, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new UsageError(`--directory ${directory} is a file. Name the folder of the database.`)
  return url || { directory: directory ?? trackerFolder(env) }
}
