/** An upload that users interrupt: Ctrl-C once or twice, a kill, and a second command on the same file. */
import { createEmulator } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'

import { wholeSnapshot } from '../../../emulator/test/whole-snapshot.ts'
import type { EmulatorProcess } from '../../shared/emulator-process.ts'
import { batchName } from '../../shared/emulator-process.ts'
import { writeDeviceFile } from './device-list.ts'
import { judgeUpload, lookAtJournal, nothingSeen } from './judge.ts'
import type { Moment, RunResult, UploadCommand } from './upload-process.ts'
import { runUpload } from './upload-process.ts'

/** One interruption of a round. */
export interface Interruption extends Moment {
  /** A second command on the same file starts this many milliseconds after the first, and is not interrupted. */
  rivalAfterMs?: number
  /**
   * The service holds every upload after the `accepted` ones until a second command has been refused and the signal is sent, so
   * that the first is certainly in progress, however slow the machine is.
   */
  held?: true
}

/** The result of a round. */
export interface InterruptedUpload {
  /** How many runs ended because of Ctrl-C, a kill, or another command that had the upload in progress. */
  interrupted: number
  killed: number
  refused: number
  /** How many requests were ambiguous after a run. */
  inDoubt: number
  violations: string[]
}

/** Few devices in many requests: the journal is being written most of the time. */
const devices = 24
const chunkSize = 2

/** One to three interruptions, about half of them with a second command. */
export function planRound(random: () => number): Interruption[] {
  const below = (limit: number): number => Math.floor(random() * limit)
  return Array.from({ length: 1 + below(3) }, () => {
    const kind = below(4)
    const accepted = below(6)
    return {
      accepted,
      delayMs: below(accepted === 0 ? 600 : 30),
      signal: kind === 0 ? 'SIGKILL' : 'SIGINT',
      ...(kind === 1 && { againAfterMs: below(15) }),
      ...(random() < 0.5 && { rivalAfterMs: below(300) }),
    }
  })
}

/**
 * Interrupts an upload as planned, lets it end, and compares.
 *
 * @param command Node and the file of the command.
 * @param folder Empty, for the files of this round.
 */
export async function interruptAndResume(
  command: readonly string[],
  folder: string,
  interruptions: readonly Interruption[],
): Promise<InterruptedUpload> {
  // A kill may leave a request in doubt, which the service then has to recognize; all others are sent once.
  const mayBeInDoubt = interruptions.some((one) => one.signal === 'SIGKILL' || one.againAfterMs !== undefined)
  const gate = createGate()
  const emulator = await startEmulatorHere(mayBeInDoubt, gate)
  const upload = { command, file: `${folder}/devices.csv`, emulatorUrl: emulator.url, chunkSize }
  const seen = nothingSeen()
  const violations: string[] = []
  const counts = { interrupted: 0, killed: 0, refused: 0 }
  try {
    await writeDeviceFile(upload.file, devices, false)
    for (const interruption of interruptions) {
      const runs = interruption.held
        ? await runHeld(upload, interruption, gate)
        : await runBoth(upload, interruption)
      for (const { exitCode, output } of runs) {
        if (exitCode === null) counts.killed++
        else if (exitCode === 130) counts.interrupted++
        else if (exitCode === 1 && output.includes('has this upload in progress')) counts.refused++
        else if (exitCode !== 0) violations.push(`a run exited with ${exitCode}:\n${output.slice(-2_000)}`)
      }
      const doubts = seen.doubtful.size
      await lookAtJournal(upload.file, seen)
      if (!mayBeInDoubt && seen.doubtful.size > doubts) violations.push('Ctrl-C left a request in doubt')
    }
    const last = await runUpload(upload)
    const judgment = await judgeUpload(upload, emulator, { devices, seen, last, onceOnly: true })
    violations.push(...judgment.violations)
    return { ...counts, inDoubt: seen.doubtful.size, violations }
  } finally {
    await emulator.stop()
  }
}

function runBoth(upload: UploadCommand, interruption: Interruption): Promise<RunResult[]> {
  const { rivalAfterMs } = interruption
  return Promise.all([
    runUpload(upload, interruption),
    ...(rivalAfterMs === undefined ? [] : [runUpload(upload, undefined, rivalAfterMs)]),
  ])
}

/** The second command starts when the first has its accepted requests and runs to its end before the first is interrupted. */
async function runHeld(
  upload: UploadCommand,
  { signal = 'SIGKILL', accepted }: Interruption,
  gate: Gate,
): Promise<RunResult[]> {
  gate.closeAfter(accepted)
  let second: RunResult | undefined
  const first = await runUpload(upload, {
    accepted,
    delayMs: 0,
    signal,
    before: async () => {
      second = await runUpload(upload)
    },
    after: () => gate.open(),
  })
  return second ? [first, second] : [first]
}

/** Lets uploads pass, or holds them. */
interface Gate {
  /** Lets this many uploads pass and holds the rest. */
  closeAfter(uploads: number): void
  open(): void
  pass(): Promise<void>
}

function createGate(): Gate {
  let left = Infinity
  const held: (() => void)[] = []
  return {
    closeAfter(uploads) {
      left = uploads
    },
    open() {
      left = Infinity
      for (const resolve of held.splice(0)) resolve()
    },
    async pass() {
      if (left-- <= 0) await new Promise<void>((resolve) => held.push(resolve))
    },
  }
}

/** In this process, so that no round has to start one: nobody kills it. */
async function startEmulatorHere(deduplicate: boolean, gate: Gate): Promise<EmulatorProcess> {
  const emulator = createEmulator({
    queuedMs: 0,
    processingMs: 0,
    quirks: { deduplicate, appOnlyMayCreate: true },
  })
  const gated: typeof emulator.fetch = async (...args) => {
    const request = new Request(...args)
    if (request.method === 'POST' && request.url.includes('/deviceBatches')) await gate.pass()
    return emulator.fetch(request)
  }
  const server = await serve({ emulator: { ...emulator, fetch: gated } })
  return {
    url: server.url,
    addFault: async (fault) => {
      emulator.faults.add(fault)
    },
    uploads: async () =>
      wholeSnapshot(emulator)
        .customers.flatMap(({ uploads }) => uploads)
        .filter(({ batchId }) => batchId === batchName),
    stop: () => server.close(),
  }
}
