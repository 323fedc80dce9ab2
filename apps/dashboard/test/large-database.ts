/** As much as a large partner has, in the tables of the tracker, filled in a way that would take the tracker hours. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createTracker } from '@devicebatch/tracker'
import { PGlite } from '@electric-sql/pglite'

export const [uploads, devices] = [5_000, 100_000]
/** The upload that has all these devices; the others have 50. */
export const largest = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'
export const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'

/** Fills them. */
export const largeTables = `
  insert into devicebatch.uploads (batch_tracking_id, customer_id, batch_id, state, outcome, total, succeeded, failed, tracked_at, ended_at)
    select case when n = 1 then '${largest}' else gen_random_uuid() end, '${customerId}', 'Batch ' || n, 'ended', 'partially-failed',
      case when n = 1 then ${devices} else 50 end, case when n = 1 then ${devices * 0.9} else 45 end,
      case when n = 1 then ${devices * 0.1} else 5 end,
      now() - n * interval '20 minutes', now() - n * interval '20 minutes' + interval '9 minutes'
    from generate_series(1, ${uploads}) n;
  insert into devicebatch.device_results (batch_tracking_id, customer_id, position, serial_number, status, outcome, error_code, error_description)
    select '${largest}', '${customerId}', n - 1, case when n % 10 = 0 then 'EMU808-' || n else 'S' || lpad(n::text, 6, '0') end,
      case when n % 10 = 0 then 'finished_with_errors' else 'finished' end,
      case when n % 10 = 0 then 'failed' else 'succeeded' end,
      case when n % 10 = 0 then '808' end, case when n % 10 = 0 then 'ZtdDeviceAssignedToOtherTenant' end
    from generate_series(1, ${devices}) n;
  analyze;
`

/** A database of one process that has them. */
export async function makeLargeDatabase(): Promise<{ directory: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'devicebatch-dashboard-'))
  {
    await using tracker = createTracker({ database: { directory }, partner: { credential: () => 'none' } })
    await tracker.getTotals()
  }
  const database = new PGlite(join(directory, 'database'))
  await database.exec(largeTables)
  await database.close()
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}
