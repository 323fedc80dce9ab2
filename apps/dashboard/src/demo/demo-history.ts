/** Five weeks of uploads for the demo, up to yesterday, written into its database because the tracker records only the present. */
import { join } from 'node:path'

import { createTracker } from '@devicebatch/tracker'
import { PGlite } from '@electric-sql/pglite'

/** Creates the database in `directory`, with uploads for these customers. */
export async function writeHistory(directory: string, customerIds: readonly string[]): Promise<void> {
  {
    // Creates the tables.
    await using tracker = createTracker({ database: { directory }, partner: { credential: () => 'none' } })
    await tracker.lastPosition()
  }
  const database = new PGlite(join(directory, 'database'))
  await database.exec(`
    create temporary table past as
      select gen_random_uuid() as id, n, ('{${customerIds.join(',')}}'::uuid[])[1 + n % ${customerIds.length}] as customer_id,
        date_trunc('day', now()) - (1 + n / 2) * interval '1 day' + interval '9 hours' + (n * 37 % 420) * interval '1 minute' as at,
        20 + n * 13 % 45 as total, case when n % 4 = 0 then 0 else n * 7 % 6 end as failed, n * 5 % 4 as known
      from generate_series(0, 69) n;
    insert into devicebatch.uploads (batch_tracking_id, customer_id, batch_id, state, status, outcome, total, succeeded,
        already_registered, failed, tracked_at, started_at, completed_at, ended_at, emulated)
      select id, customer_id, (array['Front desk', 'Warehouse scanners', 'Sales laptops', 'Classroom'])[1 + n % 4] || ' ' || to_char(at, 'DD.MM.'),
        'ended', case when failed > 0 then 'finished_with_errors' else 'finished' end,
        case when failed > 0 then 'partially-failed' else 'succeeded' end, total, total - failed - known, known, failed,
        at, at + interval '30 seconds', at + (7 + (n * n * 3 + n * 5) % 9) * interval '1 minute', at + (7 + (n * n * 3 + n * 5) % 9) * interval '1 minute', true
      from past;
    insert into devicebatch.device_results (batch_tracking_id, customer_id, position, serial_number, status, outcome, error_code,
        error_description, changed_at)
      select id, customer_id, position, 'CN' || lpad((n * 100 + position)::text, 6, '0'),
        case when position < failed then 'finished_with_errors' else 'finished' end,
        case when position < failed then 'failed' when position < failed + known then 'already-registered' else 'succeeded' end,
        case when position < failed then codes[1 + (n + position) % 5] when position < failed + known then '806' end,
        case when position < failed then names[1 + (n + position) % 5] when position < failed + known then 'ZtdDeviceAlreadyAssigned' end,
        at + (7 + (n * n * 3 + n * 5) % 9) * interval '1 minute'
      from past, generate_series(0, total - 1) position,
        (select array['808', '812', '808', '814', '640'] as codes,
          array['ZtdDeviceAssignedToOtherTenant', 'ZtdDeviceNotFound', 'ZtdDeviceAssignedToOtherTenant', 'ZtdDeviceAlreadyAadRegistered', 'StorageError'] as names) causes;
    drop table past;
    analyze;
  `)
  await database.close()
}
