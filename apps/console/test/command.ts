/** Runs the command in the test's process, or in a separate one, against an emulator inside the test. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

import type { EmulatorOptions, RecordedRequest } from '@devicebatch/emulator'
import { createEmulator } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import type { Command, Option } from 'commander'
import { onTestFinished } from 'vitest'

import { underProfile } from '../../../packages/emulator/test/profile.ts'
import { Interruption } from '../src/cli/context.ts'
import { exitCodes } from '../src/cli/exit-code.ts'
import { runProgram } from '../src/cli/run-program.ts'
import { expectDocument } from './json-schema.ts'

export { emulatorEnvironment } from '../../../packages/emulator/test/environment.ts'
export { fixed } from '../../../packages/emulator/test/profile.ts'

export const main: string = fileURLToPath(new URL('../src/main.ts', import.meta.url))
export const sample: string = fileURLToPath(new URL('../sample/devices.csv', import.meta.url))
export const customer = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'

/** Compiling takes half of a run's time, so code that one run compiled is reused by the next. */
export const compileCache: string = fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url))

export interface Run {
  code: number | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd?: string
  env?: Record<string, string>
  /** The width of the terminal for standard output and standard error; without it, they are not a terminal. */
  columns?: number
}

/** A configuration folder where nobody is signed in. */
const emptyEnv = { XDG_CONFIG_HOME: join(tmpdir(), 'devicebatch-test-nobody') }

/** A started command. */
export interface Started {
  run: Promise<Run>
  /** Standard input, written as by a user or another program. */
  stdin: PassThrough
  /** What it has written to standard output so far. */
  shown: () => string
  /** What Ctrl-C does. */
  interrupt: () => void
}

/** The time zone and the language of this process, for commands in processes of their own. */
export const desk: Record<string, string> = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && ['TZ', 'LANG', 'LC_ALL'].includes(name) ? [[name, value]] : [],
  ),
)

/** Runs the command in this process, without this process's environment, and not on a terminal. */
export function startHere(args: readonly string[], { cwd, env, columns }: RunOptions = {}): Started {
  if (cwd !== undefined && cwd !== process.cwd()) {
    const before = process.cwd()
    process.chdir(cwd)
    onTestFinished(() => process.chdir(before))
  }
  const [stdin, stdout, stderr] = [new PassThrough(), createSink(columns), createSink(columns)]
  const interruption = new AbortController()
  const ended = runProgram(args, {
    env: { ...emptyEnv, ...env },
    cwd: process.cwd(),
    script: main,
    signal: interruption.signal,
    stdin: () => stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
  })
  const run = ended.then((code) => {
    // A document that does not match the published schema fails every test that gets it.
    if (args.includes('--json') && stdout.text() !== '') expectDocument(args, stdout.text())
    return { code, stdout: stdout.text(), stderr: stderr.text() }
  })
  const interrupt = (): void => interruption.abort(new Interruption(exitCodes.SIGINT))
  return { run, stdin, shown: stdout.text, interrupt }
}

export function run(args: readonly string[], options?: RunOptions): Promise<Run> {
  return startHere(args, options).run
}

/** Keeps what is written to it. */
function createSink(columns: number | undefined) {
  let text = ''
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk)
      done()
    },
  })
  const terminal = columns === undefined ? {} : { isTTY: true, columns }
  return { stream: Object.assign(stream, terminal), text: () => text }
}

/**
 * Starts the command as a separate process, without this one's environment except for the path: for signals, broken streams,
 * two processes at once and the exit code of the process.
 */
export function start(
  args: readonly string[],
  { cwd, env }: RunOptions = {},
): ChildProcess & { run: Promise<Run> } {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache, ...desk, ...emptyEnv, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return Object.assign(child, { run: collect(child) })
}

async function collect(child: ChildProcess): Promise<Run> {
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** An emulator whose clock stands still; an upload ends at once unless it has a duration. */
export async function startEmulator({ quirks, ...options }: EmulatorOptions = {}) {
  const emulator = createEmulator(
    underProfile({
      timeScale: 0,
      queuedMs: 0,
      processingMs: 0,
      ...options,
      // The environment of `emulatorEnvironment` is for app-only sign-in.
      quirks: { appOnlyMayCreate: true, ...quirks },
    }),
  )
  const server = await serve({ emulator })
  onTestFinished(() => server.close())
  return {
    ...server,
    emulator,
    /** The calls of the API and of its token endpoint; the check whether it is an emulator does not count. */
    calls: (): RecordedRequest[] => emulator.requests.filter(({ operation }) => operation !== undefined),
  }
}

/** A separate folder for the files of a test. */
export async function makeFolder() {
  const path = await mkdtemp(join(tmpdir(), 'devicebatch-test-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return {
    path,
    async write(name: string, content: string | Uint8Array): Promise<string> {
      await writeFile(join(path, name), content)
      return join(path, name)
    },
    read: (name: string): Promise<string> => readFile(join(path, name), 'utf8'),
  }
}

/** The commands that do something, with the names of their groups before their own. */
export function leavesOf(
  commands: readonly Command[],
  group: readonly string[] = [],
): { name: string; options: readonly Option[] }[] {
  return commands.flatMap((command) => {
    const path = [...group, command.name()]
    return command.commands.length > 0
      ? leavesOf(command.commands, path)
      : [{ name: path.join(' '), options: command.options }]
  })
}

/** A device file with a row for each serial number. */
export function deviceFile(...serialNumbers: readonly string[]): string {
  const rows = serialNumbers.map((serialNumber) => `${serialNumber},,,HP,HP EliteBook 840\n`)
  return `Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n${rows.join('')}`
}
