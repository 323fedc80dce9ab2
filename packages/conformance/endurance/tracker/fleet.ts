/**
 * A fleet of workers on one database: batches are submitted, workers and the database are killed, and the tracker's final results
 * are compared with the emulator's own record.
 */
import { setTimeout as pause } from 'node:timers/promises'

import type { TrackerOptions } from '@devicebatch/tracker'
import { createTracker } from '@devicebatch/tracker'

import type { PostgresServer } from '../../../tracker/test/postgres-server.ts'
import { startServer } from '../../../tracker/test/postgres-server.ts'
import type { Reading } from './cost.ts'
import { costOf, cpuMsOf, treeCpuMsOf } from './cost.ts'
import type { EmulatorRecord } from './emulator-record.ts'
import { judge } from './judge.ts'
import type { PlannedBatch } from './plan.ts'
import { planBatches, planDistinct } from './plan.ts'
import type { EmulatorChildOptions } from './processes.ts'
import { startEmulator } from './processes.ts'
import type { Duration, Progress } from './progress.ts'
import { createProgress, follow } from './progress.ts'
import { describeScrapes, scrape } from './scrapes.ts'
import { describeStuck } from './stuck.ts'
import { probeCount, submitAll, submitProbes } from './submitting.ts'
import type { Kills } from './workers.ts'
import { createWorkers, isDisturbed, killAtRandom } from './workers.ts'

export interface FleetOptions {
  batches: number
  workers: number
  seed: number
  kills: Kills
  rateLimits: { partnerPerMinute: number; customerPerMinute: number }
  poll: NonNullable<TrackerOptions['poll']>
  emulator: EmulatorChildOptions
  /** Everything is submitted before the first worker starts, so that each can be measured separately. */
  submitFirst?: boolean
  /** Each batch belongs to a different customer, because the uploads of one customer run one after another. */
  distinctCustomers?: boolean
  /** The database survives a power failure, not only a kill, as it would in production. */
  fsync?: boolean
  /** A worker that does not respond is considered dead immediately, not after half a minute. */
  impatient?: boolean
  /** Called with what happens, a line at a time. */
  log?: (line: string) => void
}

export interface FleetResult {
  options: FleetOptions
  record: EmulatorRecord
  /** How long it took to submit them all, in seconds. */
  submitSeconds: number
  /** From the start of the workers until the last batch ended, in seconds. */
  seconds: number
  /** Before anything was submitted, when the workers had started, at each tenth of the work, and at the end. */
  readings: Reading[]
  /** How long each scrape of `metrics()` took while the workers ran, in milliseconds; one a second. */
  scrapesMs: number[]
  /** The maximum number of accepted but unfinished batches at any time. */
  mostInFlight: number
  durations: Duration[]
  /** What went wrong in the background of the workers, by message. */
  errors: ReadonlyMap<string, number>
  /** Violations; empty if everything held. */
  violations: string[]
}

/** A batch that is stuck stays stuck; those of a killed worker are taken over after half a minute. */
const patienceMs = 240_000
const databaseName = 'fleet'

export async function runFleet(options: FleetOptions): Promise<FleetResult> {
  await using stack = new AsyncDisposableStack()
  const { batches, seed, rateLimits, poll, kills, log = () => undefined } = options
  const server = await startServer(['max_connections=200', `fsync=${options.fsync ? 'on' : 'off'}`])
  stack.defer(() => server.stop())
  await server.createDatabase(databaseName)
  const database = `${server.url}/${databaseName}`
  const emulator = await startEmulator(options.emulator)
  stack.defer(() => emulator.stop())
  const tracker = createTracker({
    database,
    partner: { credential: () => 'none' },
    onError: () => undefined,
  })
  stack.defer(() => tracker.close())
  await tracker.applyRetention()

  const planned = (options.distinctCustomers ? planDistinct : planBatches)(batches, seed)
  const total = planned.length + probeCount(batches)
  const progress = createProgress(planned.length)
  const following = new AbortController()
  const followed = follow(tracker, (event) => progress.take(event), following.signal)
  stack.defer(async () => {
    following.abort()
    await followed
  })
  const workers = createWorkers(options.workers, {
    database,
    emulatorUrl: emulator.url,
    rateLimits,
    poll,
  })
  stack.defer(() => workers.stop())
  const readings: Reading[] = []
  const read = async (): Promise<void> => {
    const text = `select pg_database_size('${databaseName}')::float8 as bytes`
    // A database that was just killed cannot be read.
    const [size] = await server.query(databaseName, text).catch(() => [])
    const processId = server.processId()
    if (!size || processId === undefined) return
    const { user, system } = process.cpuUsage()
    readings.push({
      seconds: performance.now() / 1_000,
      accepted: progress.accepted(),
      ended: progress.ended(),
      driverCpuMs: (user + system) / 1_000,
      workersCpuMs: await workers.cpuMs(),
      databaseCpuMs: await treeCpuMsOf(processId),
      emulatorCpuMs: await cpuMsOf([emulator.processId]),
      databaseBytes: Number(size.bytes),
    })
  }

  await read()
  if (!options.submitFirst) await workers.start()
  const submitted = submitAll(tracker, planned, () => progress.submitted())
  if (options.submitFirst) {
    await submitted
    await workers.start()
  }
  await read()
  const startedAt = performance.now()
  const probes: PlannedBatch[] = []
  const scrapesMs: number[] = []
  const others = Promise.all([
    submitted.then((seconds) => log(`submitted in ${seconds.toFixed(1)} s`)),
    submitProbes(tracker, options, progress, probes),
    killAtRandom(kills, seed, workers, server, progress, log),
    options.impatient && forgetTheDead(server, progress),
    scrape(tracker, progress, scrapesMs),
  ]).then(
    () => [],
    (error: unknown) => [String(error)],
  )
  let last = { count: 0, at: performance.now() }
  for (let tenth = 1; progress.ended() < total && performance.now() - last.at < patienceMs;) {
    await pause(100)
    if (progress.count() !== last.count) last = { count: progress.count(), at: performance.now() }
    const part = (progress.accepted() + progress.ended()) / total / 2
    if (part < tenth / 10) continue
    tenth = Math.floor(part * 10) + 1
    await read()
    log(`${describe(readings, !isDisturbed(kills))}; ${describeScrapes(scrapesMs)}`)
  }
  const seconds = (performance.now() - startedAt) / 1_000
  const stuck = progress.ended() < total ? await describeStuck(server, databaseName) : []
  await read()
  progress.over()
  const failures = await others
  // Anything that would be recorded twice is recorded now.
  await pause(2_000)
  await workers.stop()
  following.abort()
  await followed
  const record = await emulator.record()
  const all = [...planned, ...probes]
  return {
    options,
    record,
    submitSeconds: await submitted,
    seconds,
    readings,
    scrapesMs,
    mostInFlight: progress.mostInFlight(),
    durations: progress.durations(all, new Set(probes)),
    errors: workers.errors,
    violations: [
      ...failures,
      ...stuck,
      ...[...workers.errors.keys()].filter((message) => message.startsWith('A worker exited')),
      ...(await judge({ tracker, record, planned: all, followed: progress.events, rateLimits })),
    ],
  }
}

/** Workers whose last heartbeat is a second old are considered dead, including live ones: their work is then done twice. */
async function forgetTheDead(server: PostgresServer, progress: Progress): Promise<void> {
  while (!progress.isOver()) {
    await pause(2_000)
    const text = `update devicebatch_jobs.job set heartbeat_on = now() - interval '1 hour'
      where state = 'active' and heartbeat_on < now() - interval '1 second';
      update devicebatch.uploads set claimed_until = now() where claimed_until < now() + interval '29 seconds'`
    await server.query(databaseName, text).catch(() => undefined)
  }
}

/** Includes the cost since the previous reading; the cost of killed processes is unknown. */
function describe(readings: readonly Reading[], withCost: boolean): string {
  const [before, now] = [readings.at(-2)!, readings.at(-1)!]
  const seconds = (now.seconds - readings[1]!.seconds).toFixed(0)
  const size = (now.databaseBytes / 1e6).toFixed(0)
  const done = `${now.accepted} accepted and ${now.ended} ended after ${seconds} s, database ${size} MB`
  if (!withCost) return done
  const each = costOf(before, now)
  return (
    `${done}; per batch since the previous line: workers ${each.workersCpuMs.toFixed(1)} ms, ` +
    `database ${each.databaseCpuMs.toFixed(1)} ms, emulator ${each.emulatorCpuMs.toFixed(1)} ms`
  )
}
