/** `devicebatch upload` as a separate process that can be killed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import type { SavedBatchUploadGroup } from '@devicebatch/client'
import { checkSavedUpload } from '@devicebatch/client'

import { emulatorEnvironment } from '../../../emulator/test/environment.ts'
import { batchName } from '../../shared/emulator-process.ts'

/** How the command is run. */
export interface UploadCommand {
  /** Node and the file to run. */
  command: readonly string[]
  file: string
  emulatorUrl: string
  chunkSize: number
}

/** When and how a run is ended: a delay after a number of its requests were accepted. */
export interface Moment {
  accepted: number
  /** With no request accepted, counted from the start. */
  delayMs: number
  /** Default `SIGKILL`; `SIGINT` is Ctrl-C. */
  signal?: 'SIGKILL' | 'SIGINT'
  /** The signal is sent again after this delay. */
  againAfterMs?: number
  /** What happens right before the signal, and right after it. */
  before?: () => Promise<void>
  after?: () => void
}

/** The result of a run. */
export interface RunResult {
  /** `null` when it was killed. */
  exitCode: number | null
  output: string
  /** Megabytes; absent when it was killed. */
  peakMb?: number
}

/** Code that one run compiled is reused by the next. */
const compileCache = join(import.meta.dirname, '../../node_modules/.cache/node')

/** Runs it to its end, or until the moment; starts after this many milliseconds. */
export async function runUpload(
  { command, file, emulatorUrl, chunkSize }: UploadCommand,
  endAt?: Moment,
  afterMs = 0,
): Promise<RunResult> {
  await sleep(afterMs)
  const [program, ...args] = command
  const peakFile = join(dirname(file), 'peak-memory')
  const hook = import.meta.resolve('./memory-hook.js')
  const options = ['--customer', 'c7f3c849-129f-4b85-a96d-4f8e88b315a3', '--batch', batchName]
  const child = spawn(
    program!,
    [...args, 'upload', file, ...options, '--chunk-size', String(chunkSize), '--interval', '0.2'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        ...emulatorEnvironment({ url: emulatorUrl }),
        NODE_OPTIONS: `--import ${hook}`,
        NODE_COMPILE_CACHE: compileCache,
        PEAK_MEMORY_FILE: peakFile,
      },
    },
  )
  let output = ''
  let accepted = 0
  const take = (chunk: unknown): void => {
    output += String(chunk)
    accepted = output.split(', tracking ID ').length - 1
    if (endAt && endAt.accepted > 0 && accepted >= endAt.accepted) void end(endAt)
  }
  let isEnding = false
  const end = async ({ delayMs, signal = 'SIGKILL', againAfterMs, before, after }: Moment): Promise<void> => {
    if (isEnding) return
    isEnding = true
    await sleep(delayMs)
    await before?.()
    child.kill(signal)
    after?.()
    if (againAfterMs === undefined) return
    await sleep(againAfterMs)
    child.kill(signal)
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  if (endAt?.accepted === 0) void end(endAt)
  const [exitCode] = (await once(child, 'close')) as [number | null]
  if (endAt || exitCode === null) return { exitCode, output }
  return { exitCode, output, peakMb: Number(await readFile(peakFile, 'utf8')) / 1_024 }
}

/** The contents of the journal; no requests if there is no journal. */
export async function readChunks(file: string): Promise<SavedBatchUploadGroup['chunks']> {
  try {
    const journal = JSON.parse(await readFile(`${file}.devicebatch.json`, 'utf8')) as { group: unknown }
    return checkSavedUpload(journal.group).chunks
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** A line of the results. */
export interface ResultLine {
  serialNumber: string
  outcome: string
  delivery: string
}

/** The results that the last run wrote. */
export async function readResults(file: string): Promise<ResultLine[]> {
  const folder = dirname(file)
  const name = (await readdir(folder)).find((one) => one.includes('-results-'))
  const [header, ...lines] = (await readFile(join(folder, name!), 'utf8')).trimEnd().split('\r\n')
  const columns = header!.split(',')
  const at = (cells: string[], column: string): string => cells[columns.indexOf(column)]!
  return lines.map((line) => {
    const cells = line.split(',')
    return {
      serialNumber: at(cells, 'Device Serial Number'),
      outcome: at(cells, 'Outcome'),
      delivery: cells.at(-2)!,
    }
  })
}
