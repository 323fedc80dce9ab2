/** The workers of a run, and what happens to them and to their database. */
import { setTimeout as pause } from 'node:timers/promises'

import type { PostgresServer } from '../../../tracker/test/postgres-server.ts'
import { seededRandom } from '../../shared/seeded-random.ts'
import { cpuMsOf } from './cost.ts'
import type { WorkerChild, WorkerOptions } from './processes.ts'
import { startWorker } from './processes.ts'
import type { Progress } from './progress.ts'

/** Workers that can be killed and replaced. */
export interface Workers {
  start(): Promise<void>
  /** Kills one of them and starts another. */
  replace(at: number): Promise<void>
  /** Suspends one of them for this long. */
  suspend(at: number, ms: number): Promise<void>
  cpuMs(): Promise<number>
  stop(): Promise<void>
  /** Their background errors, by message, and how often each occurred. */
  errors: ReadonlyMap<string, number>
}

export function createWorkers(count: number, options: WorkerOptions): Workers {
  const workers: WorkerChild[] = []
  const errors = new Map<string, number>()
  const startOne = async (): Promise<void> => {
    const worker = await startWorker(options, (whole) => {
      // Which of its loops failed does not matter here.
      const message = whole.replace(/ \(Queue: .*\)$/, '')
      errors.set(message, (errors.get(message) ?? 0) + 1)
    })
    workers.push(worker)
  }
  return {
    errors,
    async start() {
      await Promise.all(Array.from({ length: count }, startOne))
    },
    async replace(at) {
      const [worker] = workers.splice(at % workers.length, 1)
      await worker!.kill()
      await startOne()
    },
    async suspend(at, ms) {
      await workers[at % workers.length]!.suspend(ms)
    },
    cpuMs: () => cpuMsOf(workers.map(({ processId }) => processId)),
    async stop() {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()))
    },
  }
}

/** How often a worker is killed, how often the database, and how often a worker is suspended for a minute. */
export interface Kills {
  workers: number
  database: number
  suspensions?: number
}

export function isDisturbed({ workers, database, suspensions = 0 }: Kills): boolean {
  return workers + database + suspensions > 0
}

const names: Readonly<Record<keyof Kills, string>> = {
  workers: 'kill -9 of a worker',
  database: 'kill -9 of the database',
  suspensions: 'a worker is suspended',
}

/** Long enough that others have taken over all of its work before it continues. */
const suspendedMs = 60_000

/** Kills and suspends at random moments from the first submission to the last batches, spread over all the work. */
export async function killAtRandom(
  kills: Kills,
  seed: number,
  workers: Workers,
  server: PostgresServer,
  progress: Progress,
  log: (line: string) => void,
): Promise<void> {
  const random = seededRandom(seed)
  // The next moment does not wait for a worker that starts or is suspended: how long that takes depends on the machine.
  const disturbed: Promise<void>[] = []
  const disturb = (work: Promise<void>): void => {
    // `Promise.all` below reports a failure; until then, nobody awaits it.
    work.catch(() => {})
    disturbed.push(work)
  }
  const moments = (['workers', 'database', 'suspensions'] as const)
    .flatMap((what) => {
      const times = kills[what] ?? 0
      return Array.from({ length: times }, (_, index) => ({ what, at: (index + random()) / times }))
    })
    .toSorted((one, other) => one.at - other.at)
  try {
    for (const { what, at } of moments) {
      if (!(await progress.reached(0.05 + 0.85 * at))) throw new Error('Not all kills were done.')
      await pause(random() * 300)
      log(`${names[what]} at ${Math.round(progress.part() * 100)} %`)
      if (what === 'workers') {
        disturb(workers.replace(Math.floor(random() * 1_000)))
      } else if (what === 'suspensions') {
        disturb(workers.suspend(Math.floor(random() * 1_000), suspendedMs))
      } else {
        await server.kill()
        await pause(500 + random() * 1_500)
        await server.continue()
      }
    }
  } finally {
    await Promise.all(disturbed)
  }
}
