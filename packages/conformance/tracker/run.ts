/**
 * `npm run test:tracker`: 10,000 batches of 50 devices with three workers on PostgreSQL, once in peace and once with ten kills of
 * workers and three of the database. `--batches`, `--workers`, `--seed` and `--kills` change what their names say.
 */
import { parseArgs } from 'node:util'

import type { RequestKind } from './emulator-record.ts'
import { mostInAMinute } from './emulator-record.ts'
import type { FleetOptions, FleetResult } from './fleet.ts'
import { runFleet } from './fleet.ts'
import { devicesInBatch } from './plan.ts'

const { values } = parseArgs({
  options: {
    batches: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    kills: { type: 'string', default: '10' },
  },
})
const [batches, workers, seed, kills] = [values.batches, values.workers, values.seed, values.kills].map(Number) as [
  number,
  number,
  number,
  number,
]
const count = (number: number): string => number.toLocaleString('en-US')

const common = {
  batches,
  workers,
  limits: { partnerPerMinute: 8_000, customerPerMinute: 1_600 },
  // An upload is asked for three times, the last time when it has ended.
  poll: { initialIntervalMs: 45_000, maxIntervalMs: 90_000 },
  emulator: { queuedMs: 5_000, processingMs: 175_000 },
  log: (line: string) => console.log(`  ${line}`),
}
const runs: [string, FleetOptions][] = [
  ['in peace', { ...common, seed, kills: { workers: 0, database: 0 } }],
  [
    'with kills',
    { ...common, seed: seed + 1, kills: { workers: kills, database: Math.ceil(kills * 0.3) } },
  ],
]
console.log(`${count(batches)} batches of ${devicesInBatch} devices, ${workers} workers, seed ${seed}\n`)
let failures = 0
for (const [what, options] of runs) {
  console.log(what)
  const result = await runFleet(options)
  for (const line of describe(result)) console.log(`  ${line}`)
  const { violations } = result
  if (violations.length > 0) failures++
  console.log(violations.length > 0 ? `  failed: ${violations.join('\n    ')}\n` : '  passed\n')
}
console.log(`${runs.length - failures} passed, ${failures} failed`)
process.exitCode = failures > 0 ? 1 : 0

function describe({ options, record, seconds, durations, ...result }: FleetResult): string[] {
  const { samples, mostInFlight, errors } = result
  const most = mostInAMinute(record.arrivals)
  const { partnerPerMinute, customerPerMinute } = options.limits
  const number = (kind: RequestKind): number => record.arrivals.filter((arrival) => arrival[2] === kind).length
  const last = samples.at(-1)
  const lasted = (which: (one: FleetResult['durations'][number]) => boolean): string => {
    const sorted = durations
      .filter(which)
      .map((one) => one.seconds)
      .toSorted((a, b) => a - b)
    return sorted.length === 0
      ? 'none'
      : `${sorted[sorted.length >> 1]!.toFixed(0)} s in the middle, ${sorted.at(-1)!.toFixed(0)} s at most`
  }
  return [
    `${count(options.batches)} batches in ${seconds.toFixed(0)} s, submitted in ${result.submitSeconds.toFixed(0)} s; at most ${count(mostInFlight)} accepted and not ended at one time`,
    `${count(number('list'))} lists, ${count(number('upload'))} uploads, ${count(number('poll'))} polls; in any minute at most ${count(most.partner)} of ${count(partnerPerMinute)} for the partner, ${count(most.customer)} of ${count(customerPerMinute)} for a customer`,
    `${count(result.kills.workers)} workers and the database ${result.kills.database} times killed`,
    `from submission to end: the customer with ${count(Math.ceil(options.batches / 10))}: ${lasted((one) => one.ofCustomer > 10)}; customers with ten: ${lasted((one) => one.ofCustomer === 10)}; with one: ${lasted((one) => one.ofCustomer === 1 && !one.isProbe)}; with one that came later: ${lasted((one) => one.isProbe)}`,
    ...(last
      ? [
          `for each batch: workers ${(last.workersCpuMs / last.ended).toFixed(1)} ms of CPU, database ${(last.databaseCpuMs / last.ended).toFixed(1)} ms, emulator ${(last.emulatorCpuMs / last.ended).toFixed(1)} ms; ${(last.databaseBytes / last.ended / 1e3).toFixed(1)} kB of database`,
        ]
      : []),
    ...[...errors].map(([message, times]) => `${times} times: ${message}`),
  ]
}
