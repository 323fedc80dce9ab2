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
    cpuMs: () => cpuMsOf(workers.map(({ processId }) => processId)),
    async stop() {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()))
    },
  }
}

/** How often a worker is killed, and how often the database. */
export interface Kills {
  workers: number
  database: number
}

/** Kills at random moments from the first submission to the last batches, spread over all the work. */
export async function killAtRandom(
  kills: Kills,
  seed: number,
  workers: Workers,
  server: PostgresServer,
  progress: Progress,
  log: (line: string) => void,
): Promise<void> {
  const random = seededRandom(seed)
  const moments = (['workers', 'database'] as const)
    .flatMap((what) =>
      Array.from({ length: kills[what] }, (_, index) => ({ what, at: (index + random()) / kills[what] })),
    )
    .toSorted((one, other) => one.at - other.at)
  for (const { what, at } of moments) {
    if (!(await progress.reached(0.05 + 0.85 * at))) throw new Error('Not all kills were done.')
    await pause(random() * 300)
    const name = what === 'workers' ? 'a worker' : 'the database'
    log(`kill -9 of ${name} at ${Math.round(progress.part() * 100)} %`)
    if (what === 'workers') {
      await workers.replace(Math.floor(random() * 1_000))
    } else {
      await server.kill()
      await pause(500 + random() * 1_500)
      await server.continue()
    }
  }
}
