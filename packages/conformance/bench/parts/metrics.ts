/** How long does a scrape of the tracker's metrics take when there is much to count? */
import { createTracker } from '@devicebatch/tracker'

import type { PostgresServer } from '../../../tracker/test/postgres-server.ts'
import { startServer } from '../../../tracker/test/postgres-server.ts'
import { treeCpuMsOf } from '../../endurance/tracker/cost.ts'
import { atMost, quartiles, withSpread } from '../measure.ts'
import type { Part, Row } from '../measure.ts'

const [open, ended, customers] = [10_000, 50_000, 2_000]
const rounds = 30
const limitMs = 50
const databaseName = 'metrics'

/** Uploads that are tracked, half of them due, and uploads that have ended. */
const fill = `
  insert into devicebatch.uploads (batch_tracking_id, customer_id, state, due_at, ended_at)
    select md5(i::text)::uuid, md5((i % ${customers})::text)::uuid, case when i <= ${open} then 'tracking' else 'ended' end,
      now() + (i % 600 - 300) * interval '1 s', case when i > ${open} then now() end
    from generate_series(1, ${open + ended}) i;
  insert into devicebatch.request_slots (key, next_at)
    select 'partner/' || md5(i::text), now() from generate_series(1, ${customers}) i;
  select devicebatch.add_up_states(); analyze`

const pauseSome = `
  insert into devicebatch.pauses (scope) select md5(i::text)::uuid::text from generate_series(1, 20) i; select 1`

/** As the tracker stores an error; a third of them concern the sign-in. */
const fail = `
  update devicebatch.uploads u set error = made.error from (
    select md5(i::text)::uuid as id, json_build_object('name', 'ApiError', 'code', 'api', 'requestId', md5(i::text),
      'message', 'The service responded with 503 to a poll of ' || md5(i::text) || '. It is polled again later.',
      'status', case when i % 3 = 0 then 401 else 503 end,
      'reason', case when i % 3 = 0 then 'sign-in-refused' else 'service-unavailable' end) as error
    from generate_series(1, ${open}) i) made where made.id = u.batch_tracking_id;
  select 1`

export const metrics: Part = {
  name: 'metrics',
  title: 'A scrape of the tracker’s metrics on PostgreSQL',
  how:
    `${open.toLocaleString('en-US')} uploads in progress, half of them due, and ${ended.toLocaleString('en-US')} that have ended, of ` +
    `${customers.toLocaleString('en-US')} customers. Each figure is the time of \`metrics()\`: median and quartiles of ${rounds} calls. ` +
    'CPU is the time of the whole server per call.',
  async run() {
    await using stack = new AsyncDisposableStack()
    const server = await startServer()
    stack.defer(() => server.stop())
    await server.createDatabase(databaseName)
    const database = `${server.url}/${databaseName}`
    const tracker = stack.use(createTracker({ database, partner: { credential: () => 'none' } }))
    await tracker.applyRetention()
    const rows: Row[] = []
    for (const [what, prepare] of [
      ['all is well', fill],
      ['20 customers are paused', pauseSome],
      ['20 customers are paused, and all polls fail', fail],
    ] as const) {
      await server.query(databaseName, prepare)
      rows.push(await measure(what, server, () => tracker.metrics()))
    }
    return rows
  },
}

async function measure(what: string, server: PostgresServer, scrape: () => Promise<string>): Promise<Row> {
  await scrape()
  const times: number[] = []
  const cpuMs = await treeCpuMsOf(server.processId()!)
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now()
    await scrape()
    times.push(performance.now() - startedAt)
  }
  const usedMs = ((await treeCpuMsOf(server.processId()!)) - cpuMs) / rounds
  const spread = quartiles(times)
  const reached = `${withSpread(spread, 1, ' ms')}; CPU ${usedMs.toFixed(1)} ms`
  return atMost(what, `≤ ${limitMs} ms`, limitMs, spread.median, reached)
}
