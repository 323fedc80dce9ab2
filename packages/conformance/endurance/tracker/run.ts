/**
 * `npm run test:tracker`: 10,000 batches of 50 devices with three workers on PostgreSQL, once undisturbed, once with ten kills of
 * workers and three of the database, and once with ten workers suspended for a minute. `--batches`, `--workers`, `--seed`, `--kills`
 * and `--suspensions` change these numbers; a number of 0 kills or suspensions leaves that run out.
 */
import { parseArgs } from 'node:util'

import { describeFleet } from './describe.ts'
import type { FleetOptions } from './fleet.ts'
import { runFleet } from './fleet.ts'
import { devicesInBatch } from './plan.ts'

const { values } = parseArgs({
  options: {
    batches: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    kills: { type: 'string', default: '10' },
    suspensions: { type: 'string', default: '10' },
  },
})
const batches = Number(values.batches)
const workers = Number(values.workers)
const seed = Number(values.seed)
const kills = Number(values.kills)
const suspensions = Number(values.suspensions)

/** Long enough that most of them are in progress at the same time. */
const batchMs = Math.max(4_000, 18 * batches)
const common: Omit<FleetOptions, 'seed' | 'kills'> = {
  batches,
  workers,
  // A machine with two cores comes close to them.
  rateLimits: { partnerPerMinute: 8_000, customerPerMinute: 1_600 },
  // An upload is polled two or three times, the last time after it has ended.
  poll: { initialIntervalMs: batchMs / 4, maxIntervalMs: batchMs / 2 },
  emulator: { queuedMs: 0, processingMs: batchMs },
  log: (line) => console.log(`  ${line}`),
}
const runs: Record<string, FleetOptions> = {
  'in peace': { ...common, seed, kills: { workers: 0, database: 0 } },
  ...(kills > 0 && {
    'with kills': { ...common, seed: seed + 1, kills: { workers: kills, database: Math.ceil(kills * 0.3) } },
  }),
  ...(suspensions > 0 && {
    'with suspensions': { ...common, seed: seed + 2, kills: { workers: 0, database: 0, suspensions } },
  }),
}

console.log(
  `${batches.toLocaleString('en-US')} batches of ${devicesInBatch} devices, ${workers} workers, seed ${seed}\n`,
)
let failures = 0
for (const [what, options] of Object.entries(runs)) {
  console.log(what)
  const result = await runFleet(options)
  for (const line of describeFleet(result)) console.log(`  ${line}`)
  const { violations } = result
  if (violations.length > 0) failures++
  console.log(violations.length > 0 ? `  failed: ${violations.join('\n    ')}\n` : '  passed\n')
}
console.log(`${Object.keys(runs).length - failures} passed, ${failures} failed`)
process.exitCode = failures > 0 ? 1 : 0
