/** The emulator and the workers as separate processes. */
import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import type { EmulatorOptions, Fault } from '@devicebatch/emulator'
import type { TrackerOptions } from '@devicebatch/tracker'

import type { EmulatorRecord } from './emulator-record.ts'

/** The options of a worker. */
export interface WorkerOptions extends Pick<TrackerOptions, 'rateLimits' | 'poll' | 'concurrency'> {
  database: string
  emulatorUrl: string
}

/** The options of the emulator. */
export interface EmulatorChildOptions extends Pick<EmulatorOptions, 'queuedMs' | 'processingMs'> {
  /** The faults to inject. */
  faults?: Fault[]
}

/** The emulator as the driver sees it. */
export interface EmulatorChild {
  url: string
  processId: number
  record(): Promise<EmulatorRecord>
  stop(): Promise<void>
}

/** A worker as the driver sees it. */
export interface WorkerChild {
  processId: number
  kill(): Promise<void>
  /** Suspends it with SIGSTOP for this long, as when its machine sleeps; it may be killed meanwhile. */
  suspend(ms: number): Promise<void>
  stop(): Promise<void>
}

export async function startEmulator(options: EmulatorChildOptions): Promise<EmulatorChild> {
  const child = start('emulator-child.ts', options)
  const ask = async (question: string): Promise<unknown> => {
    const answer = once(child, 'message')
    child.send(question)
    return (await Promise.race([answer, failureOf(child)]))[0]
  }
  return {
    url: (await ask('url')) as string,
    processId: child.pid!,
    record: async () => (await ask('record')) as EmulatorRecord,
    stop: () => end(child, 'SIGKILL'),
  }
}

/** Resolves when it is ready. `onError` is called for its background errors, and if it exits unexpectedly. */
export async function startWorker(
  options: WorkerOptions,
  onError: (message: string) => void,
): Promise<WorkerChild> {
  let isExpected = false
  const child = start('worker-child.ts', options)
  let started = (): void => {}
  const working = new Promise<void>((resolve) => (started = resolve))
  child.on('message', (message: 'started' | { error: string }) => {
    if (message === 'started') started()
    else onError(message.error)
  })
  child.once('close', (code) => {
    if (!isExpected) onError(`A worker exited unexpectedly, with exit code ${code}.`)
  })
  await Promise.race([working, failureOf(child)])
  return {
    processId: child.pid!,
    async kill() {
      isExpected = true
      await end(child, 'SIGKILL')
    },
    async suspend(ms) {
      child.kill('SIGSTOP')
      await pause(ms)
      child.kill('SIGCONT')
    },
    async stop() {
      isExpected = true
      if (child.connected) child.send('stop')
      await end(child)
    },
  }
}

function start(program: string, options: object): ChildProcess {
  return fork(join(import.meta.dirname, program), [JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
}

async function end(child: ChildProcess, signal?: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  if (signal) child.kill(signal)
  await closed
}

function failureOf(child: ChildProcess): Promise<never> {
  const failed = once(child, 'close').then(([code, signal]): never => {
    throw new Error(`${child.spawnargs[1]} ended with ${signal ?? `exit code ${code}`}.`)
  })
  failed.catch(() => undefined)
  return failed
}
