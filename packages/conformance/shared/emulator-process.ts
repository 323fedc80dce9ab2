/** An emulator in a process of its own, so that its memory is its own and a kill does not reach it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

import type { Fault } from '@devicebatch/emulator'

import type { WholeSnapshot } from '../../emulator/src/state/snapshot.ts'

/** The emulator as the tests look at it. */
export interface EmulatorProcess {
  url: string
  /** Lets something go wrong. */
  addFault(fault: Fault): Promise<void>
  /** What it took, by its own record. */
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
