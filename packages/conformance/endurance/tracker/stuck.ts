/** What is left when a run gives up: whatever is stuck explains itself. */
import type { PostgresServer } from '../../../tracker/test/postgres-server.ts'

/** The submissions that were not accepted and the uploads that have not ended, at most ten of each, with what they wait for. */
export async function describeStuck(server: PostgresServer, database: string): Promise<string[]> {
  const submissions = await server.query(
    database,
    `select submission.id as "submissionId", submission.state, attempt, is_parked as "isParked",
      submission.error ->> 'message' as error, job.state as job, job.retry_count as "jobRetries",
      ${secondsUntil('job.start_after')} as "jobStartsIn", -${secondsUntil('job.heartbeat_on')} as "jobHeartbeatAge"
    from devicebatch.submissions submission left join devicebatch_jobs.job on job.id = submission.id
    where submission.state in ('queued', 'uploading') order by submission.created_at limit 10`,
  )
  const uploads = await server.query(
    database,
    `select batch_tracking_id as "batchTrackingId", submission_id as "submissionId", revision, status,
      poll_state -> 'polls' as polls, ${secondsUntil('due_at')} as "dueIn", ${secondsUntil('claimed_until')} as "claimedFor",
      reservation, is_parked as "isParked", error ->> 'message' as error
    from devicebatch.uploads where state = 'tracking' order by due_at limit 10`,
  )
  return [...submissions, ...uploads].map((row) => `stuck, with times in seconds: ${JSON.stringify(row)}`)
}

function secondsUntil(column: string): string {
  return `round(extract(epoch from ${column} - now()))::integer`
}
