/**
 * A fleet of workers on one database: batches are submitted, workers and the database are killed, and what the tracker says in
 * the end is compared with what the emulator took by its own record.
 */
import { setTimeout as pause } from 'node:timers/promises'

import type { EmulatorOptions } from '@devicebatch/emulator'
import type { Tracker, TrackerEvent, TrackerOptions } from '@devicebatch/tracker'
import { createTracker } from '@devicebatch/tracker'

import type { PostgresServer } from '../../tracker/test/postgres-server.ts'
import { startServer } from '../../tracker/test/postgres-server.ts'
import { seededRandom } from '../uploads/seeded-random.ts'
import { cpuMsOf, treeCpuMsOf } from './cost.ts'
import type { EmulatorRecord } from './emulator-record.ts'
import { judge } from './judge.ts'
import type { PlannedBatch } from './plan.ts'
import { devicesOf, planBatches, planSingle } from './plan.ts'
import type { EmulatorChild, WorkerChild } from './processes.ts'
import { startEmulator, startWorker } from './processes.ts'

export interface FleetOptions {
  batches: number
  workers: number
  seed: number
  /** How many times a worker is killed, and how many times the database. */
  kills: { workers: number; database: number }
  limits: { partnerPerMinute: number; customerPerMinute: number }
  poll: NonNullable<TrackerOptions['poll']>
  emulator: Pick<EmulatorOptions, 'queuedMs' | 'processingMs'>
  /** Everything is submitted before the first worker starts, so that each can be measured alone. */
  submitFirst?: boolean
  /** Told what happens, a line at a time. */
  log?: (line: string) => void
}

/** What was used, from the start of the workers until so many batches had ended. */
export interface Sample {
  ended: number
  seconds: number
  workersCpuMs: number
  databaseCpuMs: number
  emulatorCpuMs: number
  databaseBytes: number
}

export interface FleetResult {
  options: FleetOptions
  record: EmulatorRecord
  /** How long it took to submit them all, in seconds. */
  submitSeconds: number
  /** From the start of the workers to the last end, in seconds. */
  seconds: number
  /** At each tenth of the batches. */
  samples: Sample[]
  /** The most batches that were accepted and had not ended, at one time. */
  mostInFlight: number
  /** From the submission to the end, in seconds: by how many batches the customer has. */
  durations: { ofCustomer: number; isProbe: boolean; seconds: number }[]
  /** What went wrong in the background of the workers, by message. */
  errors: Map<string, number>
  kills: { workers: number; database: number }
  /** What must not be; empty when everything held. */
  violations: string[]
}

/** A batch that is stuck would stay so; those of a worker that was killed are taken over after half a minute. */
const patienceMs = 180_000
const databaseName = 'fleet'

export async function runFleet(options: FleetOptions): Promise<FleetResult> {
  await using stack = new AsyncDisposableStack()
  const { seed, log = () => undefined } = options
  const server = await startServer(['max_connections=200', ...(process.env.PGSS ? ['shared_preload_libraries=pg_stat_statements', 'pg_stat_statements.track=all'] : [])])
  stack.defer(() => server.stop())
  await server.createDatabase(databaseName)
  if (process.env.PGSS) await server.query(databaseName, 'create extension pg_stat_statements') //PGSS
  const emulator = await startEmulator(options.emulator)
  stack.defer(() => emulator.stop())
  const tracker = createTracker({
    database: `${server.url}/${databaseName}`,
    partner: { credential: () => 'none' },
    onError: () => undefined,
  })
  stack.defer(() => tracker.stop())
  const planned = planBatches(options.batches, seed)
  const progress = createProgress(planned.length)
  const following = new AbortController()
  const followed = follow(tracker, progress.take, following.signal)
  stack.defer(async () => {
    following.abort()
    await followed
  })
  const errors = new Map<string, number>()
  const fleet = createFleet(options, server, emulator, errors)
  stack.defer(() => fleet.stop())

  if (!options.submitFirst) await fleet.start()
  const submitting = submitAll(tracker, planned, progress.submitted)
  const submitted = submitting.then((seconds) => {
    log(`submitted ${planned.length} batches in ${seconds.toFixed(1)} s`)
    return seconds
  })
  if (options.submitFirst) {
    await submitted
    await fleet.start()
  }
  const startedAt = performance.now()
  const sampling = createSampling(server, emulator, fleet, progress.ended, startedAt)
  const probes: PlannedBatch[] = []
  const probing = submitProbes(tracker, options, progress, probes)
  const killing = killAtRandom(options, server, fleet, progress, log)
  const total = planned.length + probeCount(options.batches)
  let last = { count: 0, at: performance.now() }
  const tenth = Math.ceil(planned.length / 10)
  const samples: Sample[] = []
  for (let next = tenth; progress.ended() < total;) {
    await pause(100)
    if (progress.ended() >= next && samples.length < 10) {
      const sample = await sampling()
      if (sample) {
        samples.push(sample)
        log(describeSample(sample, samples.at(-2)))
        while (next <= sample.ended) next += tenth
      }
    }
    if (progress.count() !== last.count) last = { count: progress.count(), at: performance.now() }
    if (performance.now() - last.at > patienceMs) break
  }
  const seconds = (performance.now() - startedAt) / 1_000
  const kills = await Promise.race([killing, pause(10_000, { workers: -1, database: -1 })])
  await Promise.race([probing, pause(10_000)])
  // What would be recorded twice is recorded now.
  await pause(2_000)
  if (process.env.PGSS) { //PGSS
    for (const row of await server.query(databaseName, `select calls, round(total_exec_time::numeric) as ms, round(mean_exec_time::numeric,3) as mean, rows, shared_blks_hit as hit, wal_bytes, toplevel, substr(regexp_replace(query, '\\s+', ' ', 'g'), 1, 200) as q from pg_stat_statements order by total_exec_time desc limit 28`)) console.log(Object.values(row).join(' | ')) //PGSS
    for (const row of await server.query(databaseName, `select schemaname||'.'||relname as t, n_live_tup, n_dead_tup, n_tup_ins, n_tup_upd, n_tup_hot_upd, n_tup_del, pg_relation_size(relid) as heap, pg_indexes_size(relid) as idx, pg_total_relation_size(relid) as total, seq_scan, autovacuum_count from pg_stat_user_tables order by pg_total_relation_size(relid) desc limit 12`)) console.log(JSON.stringify(row)) //PGSS
    for (const row of await server.query(databaseName, `select indexrelname, relname, idx_scan, pg_relation_size(indexrelid) as size from pg_stat_user_indexes order by 4 desc limit 40`)) console.log(JSON.stringify(row)) //PGSS
  } //PGSS
  await fleet.stop()
  const record = await emulator.record()
  following.abort()
  await followed
  const violations = await judge({
    tracker,
    record,
    planned: [...planned, ...probes],
    followed: progress.events,
    limits: options.limits,
  })
  return {
    options,
    record,
    submitSeconds: await submitted,
    seconds,
    samples,
    mostInFlight: progress.mostInFlight(),
    durations: progress.durations([...planned, ...probes], new Set(probes)),
    errors,
    kills,
    violations,
  }
}

type Fleet = ReturnType<typeof createFleet>

function createFleet(
  { workers: count, limits, poll }: FleetOptions,
  { url }: PostgresServer,
  emulator: EmulatorChild,
  errors: Map<string, number>,
) {
  const workers: WorkerChild[] = []
  const options = { database: `${url}/${databaseName}`, emulatorUrl: emulator.url, limits, poll }
  const startOne = async (): Promise<void> => {
    const worker = await startWorker(options, (message) =>
      errors.set(message, (errors.get(message) ?? 0) + 1),
    )
    workers.push(worker)
  }
  return {
    async start() {
      await Promise.all(Array.from({ length: count }, startOne))
    },
    async replace(at: number) {
      const [worker] = workers.splice(at % workers.length, 1)
      await worker!.kill()
      await startOne()
    },
    cpuMs: () => cpuMsOf(workers.map(({ processId }) => processId)),
    async stop() {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()))
    },
  }
}

type Progress = ReturnType<typeof createProgress>

function createProgress(expected: number) {
  const events: TrackerEvent[] = []
  const ids = {
    queued: new Map<string, number>(),
    tracked: new Set<string>(),
    ended: new Map<string, number>(),
  }
  let [submitted, most] = [0, 0]
  return {
    events,
    take(event: TrackerEvent) {
      const { type, submissionId = '', at } = event
      // Their devices are of no use here, and there are many.
      events.push({ ...event, data: {} })
      if (type === 'submission.queued') ids.queued.set(submissionId, Date.parse(at))
      if (type === 'upload.tracked') ids.tracked.add(submissionId)
      if (type === 'upload.ended') ids.ended.set(submissionId, Date.parse(at))
      most = Math.max(most, ids.tracked.size - ids.ended.size)
    },
    submitted: () => void submitted++,
    ended: () => ids.ended.size,
    count: () => submitted + events.length,
    mostInFlight: () => most,
    /** From 0, before anything was submitted, to 1, when all has ended. */
    part: () => (submitted + ids.tracked.size + ids.ended.size) / (3 * expected),
    durations: (batches: readonly PlannedBatch[], probes: ReadonlySet<PlannedBatch>) =>
      batches.flatMap((batch) => {
        const [from, to] = [ids.queued.get(batch.submissionId), ids.ended.get(batch.submissionId)]
        const { ofCustomer } = batch
        if (from === undefined || to === undefined) return []
        return [{ ofCustomer, isProbe: probes.has(batch), seconds: (to - from) / 1_000 }]
      }),
  }
}

/** Reads events to the signal, from where it was when the database went away. */
async function follow(
  tracker: Tracker,
  take: (event: TrackerEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  let after: string | undefined
  while (!signal.aborted) {
    try {
      for await (const event of tracker.events({ after, signal })) {
        take(event)
        after = event.position
      }
    } catch {
      await pause(200)
    }
  }
}

async function submitAll(
  tracker: Tracker,
  planned: readonly PlannedBatch[],
  submitted: () => void,
): Promise<number> {
  const startedAt = performance.now()
  const rest = planned.values()
  const loop = async (): Promise<void> => {
    for (const batch of rest) {
      await submitSurely(tracker, batch)
      submitted()
    }
  }
  await Promise.all(Array.from({ length: 8 }, loop))
  return (performance.now() - startedAt) / 1_000
}

/** Under the same id until the database has it. */
async function submitSurely(tracker: Tracker, batch: PlannedBatch): Promise<void> {
  const { submissionId, customerId, batchId } = batch
  for (;;) {
    try {
      await tracker.submit({ submissionId, customerId, batchId, devices: devicesOf(batch) })
      return
    } catch {
      await pause(100)
    }
  }
}

function probeCount(batches: number): number {
  return Math.min(20, Math.floor(batches / 15))
}

/** While all others are at work, customers with a single batch come. */
async function submitProbes(
  tracker: Tracker,
  { batches, seed }: FleetOptions,
  progress: Progress,
  probes: PlannedBatch[],
): Promise<void> {
  const count = probeCount(batches)
  for (let index = 0; index < count; index++) {
    // From when all is submitted on, until the last ones are uploaded.
    while (progress.part() < 0.35 + (0.5 * index) / count) await pause(50)
    const probe = planSingle(batches + index, seed)
    probes.push(probe)
    await submitSurely(tracker, probe)
  }
}

async function killAtRandom(
  { kills, seed }: FleetOptions,
  server: PostgresServer,
  fleet: Fleet,
  progress: Progress,
  log: (line: string) => void,
): Promise<{ workers: number; database: number }> {
  const random = seededRandom(seed)
  const done = { workers: 0, database: 0 }
  const moments = (['workers', 'database'] as const)
    .flatMap((what) =>
      Array.from({ length: kills[what] }, (_, index) => ({ what, at: (index + random()) / kills[what] })),
    )
    .toSorted((one, other) => one.at - other.at)
  for (const { what, at } of moments) {
    while (progress.part() < 0.05 + 0.85 * at) await pause(20)
    await pause(random() * 300)
    log(`kill -9 of ${what === 'workers' ? 'a worker' : 'the database'} at ${Math.round(progress.part() * 100)} %`)
    if (what === 'workers') {
      await fleet.replace(Math.floor(random() * 1_000))
    } else {
      await server.kill()
      await pause(500 + random() * 1_500)
      await server.continue()
    }
    done[what]++
  }
  return done
}

function createSampling(
  server: PostgresServer,
  emulator: EmulatorChild,
  fleet: Fleet,
  ended: () => number,
  startedAt: number,
) {
  const read = async () => {
    const [size] = await server.query(databaseName, `select pg_database_size('${databaseName}')::float8 as bytes`)
    return {
      ended: ended(),
      seconds: (performance.now() - startedAt) / 1_000,
      workersCpuMs: await fleet.cpuMs(),
      databaseCpuMs: await treeCpuMsOf(server.processId()!),
      emulatorCpuMs: await cpuMsOf([emulator.processId]),
      databaseBytes: Number(size!.bytes),
    }
  }
  const first = read()
  return async (): Promise<Sample | undefined> => {
    try {
      const [from, now] = [await first, await read()]
      return {
        ...now,
        workersCpuMs: now.workersCpuMs - from.workersCpuMs,
        databaseCpuMs: now.databaseCpuMs - from.databaseCpuMs,
        emulatorCpuMs: now.emulatorCpuMs - from.emulatorCpuMs,
      }
    } catch {
      // The database was just killed.
      return undefined
    }
  }
}

function describeSample(sample: Sample, before: Sample | undefined): string {
  const since = (name: keyof Sample): number => sample[name] - (before?.[name] ?? 0)
  const each = (name: keyof Sample): string => (since(name) / since('ended')).toFixed(1)
  return (
    `${sample.ended} ended after ${sample.seconds.toFixed(0)} s; since the tenth before, for each: ` +
    `workers ${each('workersCpuMs')} ms, database ${each('databaseCpuMs')} ms, emulator ${each('emulatorCpuMs')} ms; ` +
    `database ${(sample.databaseBytes / 1e6).toFixed(0)} MB`
  )
}
