/** The options and columns of several tracker commands. */
import { Option } from 'commander'

export const databaseHelp = `
The tracker is a package of its own:
  npm install --global devicebatch @devicebatch/tracker

The database:
  DEVICEBATCH_DATABASE_URL  a PostgreSQL server, for any number of workers:
                            postgres://user:password@host:5432/name
  DEVICEBATCH_DATABASE_SCHEMA  the schema of its tables (default: devicebatch);
                            each partner needs one of its own
  Without a server, the database is a folder on this machine (--directory, or
  one in your configuration folder), for one process at a time.`

export const directory = (): Option =>
  new Option('--directory <path>', 'the folder of the database, if DEVICEBATCH_DATABASE_URL is not set')
export const ofCustomer = (): Option =>
  new Option('--customer <id>', 'only for the customer with this tenant id')
export const outcome = (values: readonly string[]): Option =>
  new Option('--outcome <outcome>', 'only with this outcome').choices(values)
export const since = (): Option =>
  new Option('--since <time>', 'only from this time on, such as 2026-11-21T08:00:00Z')
