/** Which trouble is news? The sign-in is reported once for everything that it holds up. */
import type { Kysely, Transaction } from 'kysely'

import type { RecordedError, Tables } from '../database/schema.ts'
import type { Jobs } from '../queue/jobs.ts'
import { isWanted, notify } from './outbox.ts'

/** Whether the reason is another one than last time; the message may differ each time. */
export function isNews(error: RecordedError, last: RecordedError | null): boolean {
  return (
    last === null ||
    error.name !== last.name ||
    error.code !== last.code ||
    error.status !== last.status ||
    error.reason !== last.reason
  )
}

const signIn = 'sign-in'

/** Reports that the sign-in failed, unless that was reported and no request has succeeded since. */
export async function reportSignIn(
  trx: Transaction<Tables>,
  jobs: Jobs,
  error: RecordedError,
): Promise<void> {
  // A webhook that is set later must hear of it.
  if (!(await isWanted(trx, 'signin.failed'))) return
  const opened = await trx
    .insertInto('troubles')
    .values({ kind: signIn })
    .onConflict((conflict) => conflict.column('kind').doNothing())
    .returning('kind')
    .executeTakeFirst()
  if (opened)
    await notify(trx, jobs, { type: 'signin.failed', subject: signIn, read: async () => ({ error }) })
}

/** Notes that the service has accepted a token: when the sign-in fails again, that is news. */
export async function endSignInTrouble(kysely: Kysely<Tables>): Promise<void> {
  await kysely.deleteFrom('troubles').where('kind', '=', signIn).execute()
}
