/** The data of a large partner, written directly into the tracker's tables, because the tracker would need hours. */

export const uploads = 5_000
/** The upload with most of the devices; the others have `devicesOfOthers` each. */
export const largest = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'
export const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'

/**
 * Fills them. One device of ten failed.
 *
 * @param ofLargest The devices of the largest upload.
 * @param ofOthers The devices of each other upload, whose results are left out with `isLargestOnly`.
 */
export function fillTables({
  ofLargest,
  ofOthers,
  isLargestOnly = false,
}: {
  ofLargest: number
  ofOthers: number
  isLargestOnly?: boolean
}): string {
  return `
    create temporary table made as
      select n, case when n = 1 then '${largest}' else gen_random_uuid() end as id,
        case when n = 1 then ${ofLargest} else ${ofOthers} end as total, now() - n * interval '20 minutes' as at
      from generate_series(1, ${uploads}) n;
    insert into devicebatch.uploads (batch_tracking_id, customer_id, batch_id, state, outcome, total, succeeded, failed,
        tracked_at, ended_at)
      select id, '${customerId}', 'Batch ' || n, 'ended', 'partially-failed', total, total - total / 10, total / 10,
        at, at + interval '9 minutes'
      from made;
    insert into devicebatch.device_results (batch_tracking_id, customer_id, position, serial_number, status, outcome, error_code,
        error_description, changed_at)
      select id, '${customerId}', position,
        case when n > 1 then 'L' || lpad((n * 1000 + position)::text, 7, '0')
          when has_failed then 'EMU808-' || position + 1 else 'S' || lpad((position + 1)::text, 6, '0') end,
        case when has_failed then 'finished_with_errors' else 'finished' end, case when has_failed then 'failed' else 'succeeded' end,
        case when has_failed then '808' end, case when has_failed then 'ZtdDeviceAssignedToOtherTenant' end, at + interval '9 minutes'
      from made, generate_series(0, total - 1) position, lateral (select position % 10 = 9 as has_failed)
      ${isLargestOnly ? 'where n = 1' : ''};
    drop table made;
    analyze;
  `
}
