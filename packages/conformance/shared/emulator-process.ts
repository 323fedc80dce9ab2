/** An emulator in a separate process, so that its memory is not counted and a kill does not affect it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

import type { Fault } from '@devicebatch/emulator'

import type { WholeSnapshot } from '../../emulator/src/state/snapshot.ts'

/** The emulator as the tests see it. */
export interface EmulatorProcess {
  url: string
  /** Adds a fault. */
  addFault(fault: Fault): Promise<void>
  /** What it accepted, by its own record. */
  uploads(): Promise<WholeSnapshot['customers'][number]['uploads']>
  stop(): Promise<void>
}

/** Starts it; `command` is Node and the file to run. */
export async function startEmulator(
  command: readonly string[],
  deduplicate: boolean,
): Promise<EmulatorProcess> {
  const [program, ...args] = command
  const options = [
    '--port',
    '0',
    '--queued-ms',
    '0',
    '--processing-ms',
    '500',
    '--quirk',
    'appOnlyMayCreate=true',
  ]
  const child = spawn(program!, [...args, ...options, '--quirk', `deduplicate=${deduplicate}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  let printed = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      printed += String(chunk)
      const [, found] = /(http:\/\/127\.0\.0\.1:\d+)\/v1/.exec(printed) ?? []
      if (found) resolve(found)
    })
    child.once('close', () => reject(new Error(`The emulator did not start:\n${printed}`)))
  })
  return {
    url,
    async addFault(fault) {
      const answer = await fetch(`${url}/_emulator/faults`, { method: 'POST', body: JSON.stringify(fault) })
      if (!answer.ok) throw new Error(await answer.text())
    },
    async uploads() {
      const answer = await fetch(`${url}/_emulator/snapshot`)
      const { customers } = (await answer.json()) as WholeSnapshot
      return customers.flatMap(({ uploads }) => uploads).filter(({ batchId }) => batchId === batchName)
    },
    async stop() {
      child.kill()
      await ended
    },
  }
}

/** The batch that all of these uploads go to. */
export const batchName = 'Fleet'
