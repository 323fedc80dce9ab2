/** How long do searches and list pages take when the tracker's database holds millions of devices? */
import type { Tracker } from '@devicebatch/tracker'
import { createTracker } from '@devicebatch/tracker'

import { startServer } from '../../../tracker/test/postgres-server.ts'
import { atMost, quartiles, withSpread } from '../measure.ts'
import type { Part, Row } from '../measure.ts'

const devicesPerUpload = 50
const customers = 200
const rounds = 15
/** A page of the dashboard. */
const pageSize = 50

/** The outcome of the device at position `p` of upload `u`: one in a hundred failed. */
const outcome = `case when (u * ${devicesPerUpload} + p) % 100 = 0 then 'failed' else 'succeeded' end`

/** Uploads of 50 devices each over the last 90 days, each of one of 200 customers. */
const fill = (uploads: number): string => `
  insert into devicebatch.uploads (batch_tracking_id, customer_id, batch_id, state, status, outcome, total, succeeded, failed,
    tracked_at, changed_at, ended_at, due_at)
  select md5('upload ' || u)::uuid, md5('customer ' || u % ${customers})::uuid, 'Batch ' || u, 'ended', 'finished',
    case when u % 2 = 0 then 'partially-failed' else 'succeeded' end, ${devicesPerUpload}, ${devicesPerUpload} - (u + 1) % 2,
    (u + 1) % 2, at, at, at, at
  from (select u, now() - (${uploads} - u) * interval '90 days' / ${uploads} as at from generate_series(0, ${uploads - 1}) u) made;
  insert into devicebatch.device_results (batch_tracking_id, position, customer_id, serial_number, status, outcome, error_code,
    error_description, changed_at)
  select md5('upload ' || u)::uuid, p, md5('customer ' || u % ${customers})::uuid,
    upper(substr(md5('device ' || u * ${devicesPerUpload} + p), 1, 12)), 'finished', ${outcome},
    case when (u * ${devicesPerUpload} + p) % 100 = 0 then '808' end,
    case when (u * ${devicesPerUpload} + p) % 100 = 0 then 'ZtdDeviceAssignedToOtherTenant' end,
    now() - (${uploads} - u) * interval '90 days' / ${uploads}
  from generate_series(0, ${uploads - 1}) u, generate_series(0, ${devicesPerUpload - 1}) p;
  select 1`

export const queries: Part = {
  name: 'queries',
  title: 'Searches and list pages of the tracker on PostgreSQL',
  how:
    'Uploads of 50 devices each for 200 customers, spread over 90 days; one device in a hundred failed. Each figure is the time of ' +
    `a call until its first ${pageSize} results, in milliseconds: median and quartiles of ${rounds} calls, each with other arguments.`,
  async run({ quick }) {
    const devices = quick ? 100_000 : 2_000_000
    const uploads = devices / devicesPerUpload
    await using stack = new AsyncDisposableStack()
    const server = await startServer(['shared_buffers=256MB'])
    stack.defer(() => server.stop())
    await server.createDatabase('queries')
    const database = `${server.url}/queries`
    const tracker = stack.use(createTracker({ database, partner: { credential: () => 'none' } }))
    await tracker.applyRetention()
    await server.query('queries', fill(uploads))
    // As autovacuum does after a while.
    await server.query('queries', 'vacuum analyze')
    const samples = await readSamples(server, uploads)
    const rows: Row[] = []
    for (const [what, limitMs, call] of calls) {
      const times: number[] = []
      for (const sample of samples) {
        const startedAt = performance.now()
        await call(tracker, sample)
        times.push(performance.now() - startedAt)
      }
      const spread = quartiles(times)
      const name = `${what}, ${devices.toLocaleString('en-US')} devices`
      const reached = withSpread(spread, 1, ' ms')
      rows.push(
        limitMs === undefined
          ? { what: name, reached }
          : atMost(name, `≤ ${limitMs} ms`, limitMs, spread.median, reached),
      )
    }
    return rows
  },
}

/** What one round asks for. */
interface Sample {
  serialNumber: string
  batchTrackingId: string
  customerId: string
  since: Date
}

async function readSamples(
  server: Awaited<ReturnType<typeof startServer>>,
  uploads: number,
): Promise<Sample[]> {
  const found = Array.from({ length: rounds }, (_, round) => Math.floor(((round + 0.5) * uploads) / rounds))
  const rows = await server.query(
    'queries',
    `select serial_number as "serialNumber", batch_tracking_id as "batchTrackingId", customer_id as "customerId"
    from devicebatch.device_results where position = 7
      and batch_tracking_id in (${found.map((u) => `md5('upload ${u}')::uuid`).join()})`,
  )
  return rows.map((row, round) => ({
    ...(row as unknown as Sample),
    since: new Date(Date.now() - (round + 1) * 86_400_000),
  }))
}

type Call = (tracker: Tracker, sample: Sample) => Promise<unknown>

const calls: [what: string, limitMs: number | undefined, call: Call][] = [
  [
    'serial number',
    20,
    (tracker, { serialNumber }) => take(tracker.listDevices({ serialNumber: serialNumber.toLowerCase() })),
  ],
  [
    'beginning of a serial number',
    20,
    (tracker, { serialNumber }) =>
      take(tracker.listDevices({ serialNumberPrefix: serialNumber.slice(0, 6) })),
  ],
  [
    'beginning of two characters',
    50,
    (tracker, { serialNumber }) =>
      take(tracker.listDevices({ serialNumberPrefix: serialNumber.slice(0, 2) })),
  ],
  ['newest uploads', 50, (tracker) => take(tracker.listUploads({ newestFirst: true }))],
  [
    'uploads further back',
    50,
    (tracker, { batchTrackingId }) =>
      take(tracker.listUploads({ newestFirst: true, after: batchTrackingId })),
  ],
  [
    'uploads of a customer',
    50,
    (tracker, { customerId }) => take(tracker.listUploads({ customerId, newestFirst: true })),
  ],
  [
    'uploads with failures since a day',
    50,
    (tracker, { since }) => take(tracker.listUploads({ deviceOutcome: 'failed', since, newestFirst: true })),
  ],
  [
    'devices of an upload',
    50,
    (tracker, { batchTrackingId }) => take(tracker.listDevices({ batchTrackingId })),
  ],
  [
    'failed devices of a customer',
    50,
    (tracker, { customerId }) => take(tracker.listDevices({ customerId, outcome: 'failed' })),
  ],
  [
    'failed devices since a day',
    50,
    (tracker, { since }) => take(tracker.listDevices({ outcome: 'failed', since })),
  ],
  [
    'devices that changed since a day',
    undefined,
    (tracker, { since }) => take(tracker.listDevices({ since })),
  ],
  ['devices of a customer', 50, (tracker, { customerId }) => take(tracker.listDevices({ customerId }))],
  ['devices with an error code', 50, (tracker) => take(tracker.listDevices({ errorCode: '808' }))],
  ['totals', 50, (tracker) => tracker.getTotals()],
  ['customers', 50, (tracker) => tracker.listCustomers()],
  [
    'failure causes of a customer',
    50,
    (tracker, { customerId }) => tracker.listFailureCauses({ customerId }),
  ],
  ['failure causes since a day', undefined, (tracker, { since }) => tracker.listFailureCauses({ since })],
  ['statistics of a week', undefined, (tracker) => tracker.getStatistics()],
]

async function take(items: AsyncIterable<unknown>): Promise<void> {
  let count = 0
  for await (const _ of items) if (++count === pageSize) return
}
