/** Which recorded errors say that nobody could sign in? */
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'

/** A condition on the column `error`; false when there is none. */
export const isSignInError: RawBuilder<boolean> = sql`coalesce(error ->> 'code' = 'authentication' or error ->> 'status' = '401', false)`
