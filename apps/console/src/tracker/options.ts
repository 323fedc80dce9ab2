/** The options and columns of several tracker commands. */
import { isGuid } from '@devicebatch/edge/internal'
import { InvalidArgumentError, Option } from 'commander'

export const databaseHelp = `
The tracker is a separate package:
  npm install --global devicebatch @devicebatch/tracker

The database:
  DEVICEBATCH_DATABASE_URL  a PostgreSQL server, for any number of workers:
                            postgres://user:password@host:5432/name
  DEVICEBATCH_DATABASE_SCHEMA  the schema of its tables (default: devicebatch);
                            each partner needs its own schema
  Without DEVICEBATCH_DATABASE_URL, the database is a folder on this machine
  (--directory, or one in your configuration folder), for one process at a time:
  submit first, then start the worker.`

export const directory = (): Option =>
  new Option('--directory <path>', 'the folder of the database, if DEVICEBATCH_DATABASE_URL is not set')
export const ofCustomer = (): Option =>
  new Option('--customer <id>', 'only for the customer with this tenant ID').argParser(readId)
export const outcome = (values: readonly string[]): Option =>
  new Option('--outcome <outcome>', 'only with this outcome').choices(values)
export const since = (): Option =>
  new Option('--since <time>', 'only from this time on, such as 2026-11-21T08:00:00Z').argParser(readTime)

/** Reads the ID of a customer, an upload, a submission or a notification. Throws commander's `InvalidArgumentError`. */
export function readId(text: string): string {
  if (isGuid(text)) return text
  throw new InvalidArgumentError('It must be a GUID such as 0127ed8e-ff72-4983-a3d8-e8d8bd378932.')
}

/** Reads the name of a webhook. Throws commander's `InvalidArgumentError`. */
export function readName(text: string): string {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('It must not be empty.')
}

function readTime(text: string): string {
  if (!Number.isNaN(Date.parse(text))) return text
  throw new InvalidArgumentError('It must be a time such as 2026-11-21T08:00:00Z.')
}
