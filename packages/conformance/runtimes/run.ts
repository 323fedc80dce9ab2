/**
 * Runs the suite: `npm run test:runtimes` on every runtime that is installed, `npm run test:runtimes node deno` on those whose name
 * begins with one of these words. When it has passed on all of them, it writes the table in docs/runtimes.md.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import { packWorkspace } from '../shared/pack-workspace.ts'
import { patient } from '../shared/patience.ts'
import { tableWritten, writeTable } from './runtimes-table.ts'
import type { Runtime, RuntimeResult } from './runtimes.ts'
import { isThere, runtimes } from './runtimes.ts'

/** The members of vitest's JSON report that are used here. */
interface VitestReport {
  numTotalTests: number
  numPassedTests: number
  testResults: { name: string; assertionResults: { status: string }[] }[]
}

const resultsDirectory = join(import.meta.dirname, '.results')
/** It stops only a runtime that hangs, after the timeout of a test, which says what hangs. */
const limitMs = 2 * patient.testTimeout

/** A run mostly waits: for timers, and for the server side. */
const atOnce = 3

/**
 * Runs the suite on each of them, a few in parallel, against the packages in the folder `packed`. Prints a runtime's output if
 * something failed there, otherwise only with `isLoud`.
 */
export async function runSuite(
  chosen: readonly Runtime[],
  packed: string,
  isLoud: boolean,
): Promise<RuntimeResult[]> {
  mkdirSync(resultsDirectory, { recursive: true })
  const results: RuntimeResult[] = []
  const left = chosen.entries()
  const worker = async (): Promise<void> => {
    for (const [index, runtime] of left) results[index] = await runOn(runtime, packed, isLoud)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

/** Whether it has passed on every runtime: only then are its figures for the table. */
export function isComplete(results: readonly RuntimeResult[]): boolean {
  return results.length === runtimes.length && results.every(({ ran, failed }) => ran && failed === 0)
}

/** Describes the missing runtimes; empty if there are none. */
export function describeMissing(results: readonly RuntimeResult[]): string[] {
  return results
    .filter(({ ran }) => !ran)
    .map(
      ({ runtime }) => `${runtime.label} is not there, so the suite did not run on it: ${runtime.howToGet}.`,
    )
}

async function runOn(runtime: Runtime, packed: string, isLoud: boolean): Promise<RuntimeResult> {
  const { name, label, command } = runtime
  const result: RuntimeResult = {
    runtime,
    ran: isThere(runtime),
    passed: 0,
    failed: 0,
    passedByFile: new Map(),
    seconds: 0,
  }
  if (!result.ran) return result
  const reportFile = join(resultsDirectory, `${name}.json`)
  rmSync(reportFile, { force: true })
  const [program, ...args] = command
  const startedAt = performance.now()
  const { isOk, output } = await runProgram(
    program,
    [...args, '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
    {
      ...process.env,
      DEVICEBATCH_RUNTIME: name,
      DEVICEBATCH_NODE: process.execPath,
      DEVICEBATCH_PACKED: packed,
    },
  )
  result.seconds = (performance.now() - startedAt) / 1_000
  if (existsSync(reportFile)) {
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport
    for (const { name: file, assertionResults } of report.testResults) {
      const passed = assertionResults.filter((one) => one.status === 'passed').length
      result.passedByFile.set(basename(file, '.test.ts'), passed)
    }
    result.passed = report.numPassedTests
    // A skipped test proves nothing.
    result.failed = report.numTotalTests - report.numPassedTests
  }
  if (!isOk) result.failed ||= 1
  if (result.failed || isLoud) console.log(`\nThe suite on ${label}:\n${output}`)
  return result
}

function runProgram(
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<{ isOk: boolean; output: string }> {
  const options = { cwd: import.meta.dirname, env, maxBuffer: 64 * 1024 * 1024, timeout: limitMs }
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ isOk: !error, output: `${stdout}\n${stderr}` }),
    )
  })
}

async function main(beginnings: readonly string[]): Promise<void> {
  const chosen = runtimes.filter(
    ({ name }) => beginnings.length === 0 || beginnings.some((beginning) => name.startsWith(beginning)),
  )
  if (chosen.length === 0) {
    const known = runtimes.map(({ name }) => name).join(', ')
    throw new Error(`Expected the beginning of ${known}, got ${beginnings.join(' ')}.`)
  }
  const packed = mkdtempSync(join(tmpdir(), 'devicebatch-packed-'))
  try {
    await packWorkspace(packed)
    const results = await runSuite(chosen, packed, true)
    for (const { runtime, ran, passed, failed, seconds } of results) {
      if (ran) console.log(`${runtime.label}: ${passed} passed, ${failed} failed, ${Math.round(seconds)} s`)
    }
    for (const line of describeMissing(results)) console.log(line)
    if (isComplete(results) && writeTable(results)) console.log(tableWritten)
    process.exitCode = results.every(({ ran, failed }) => ran && failed === 0) ? 0 : 1
  } finally {
    rmSync(packed, { recursive: true, force: true })
  }
}

if (import.meta.main) await main(process.argv.slice(2))
