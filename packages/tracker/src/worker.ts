/** A worker: all that it runs, which starts as a whole and ends as a whole. */
import { sql } from 'kysely'

import { freeParked } from './control/parked.ts'
import { readRetention } from './control/retention.ts'
import { forgetWorkers, startHeartbeat } from './health/heartbeat.ts'
import { deliverPending } from './notifications/deliver.ts'
import { reportGoneWorkers } from './notifications/report-workers.ts'
import { dueUploads } from './polling/due-uploads.ts'
import type { PollContext } from './polling/poll-upload.ts'
import { pollUpload } from './polling/poll-upload.ts'
import type { JobHandlers } from './queue/jobs.ts'
import { deleteOld, resendMissing } from './queue/maintenance.ts'
import type { WorkLoop } from './queue/work-loop.ts'
import { startWorkLoop } from './queue/work-loop.ts'
import { runUpload } from './submissions/upload-job.ts'

export interface Worker {
  /** Ends its work, and removes it from the list of workers. */
  stop(): Promise<void>
}

/** Starts a worker. Rejects when the database cannot be used, and has then left nothing running. */
export async function startWorker(context: PollContext): Promise<Worker> {
  const { database, jobs, settings } = context
  const repeated = asRepeated(context)
  // What can fail comes first.
  const heartbeat = await startHeartbeat(database.kysely, settings.onError)
  try {
    await jobs.work(handlersOf(context, repeated), settings.concurrency)
  } catch (error) {
    await heartbeat.stop()
    throw error
  }
  const polling = startPolling(repeated)
  return {
    async stop() {
      await Promise.all([jobs.stop(), polling.stop()])
      await heartbeat.stop()
    },
  }
}

function handlersOf(context: PollContext, repeated: PollContext): JobHandlers {
  return {
    upload: (job, signal) => runUpload(repeated, job, signal),
    notification: (job, signal) => deliverPending(context, job, signal),
    async tidy() {
      await freeParked(context)
      await resendMissing(context)
      await sql`select devicebatch.add_up_states()`.execute(context.database.kysely)
      await reportGoneWorkers(context)
      await forgetWorkers(context.database.kysely)
      await deleteOld(context.database, await readRetention(context.database.kysely, context.settings))
    },
  }
}

function startPolling(context: PollContext): WorkLoop {
  const { concurrency, onError } = context.settings
  const source = dueUploads(context.database, concurrency, (upload, signal) =>
    pollUpload(context, upload, signal),
  )
  return startWorkLoop(source, concurrency, onError)
}

/** The same for work whose statements are repeated for each upload and poll. */
function asRepeated(context: PollContext): PollContext {
  const { database } = context
  return { ...context, database: { ...database, kysely: database.repeated } }
}
