/**
 * What `npm test` runs: every check and every test of the workspace, through turbo, the suite on every runtime, and a total.
 * Each line shows how long its part took while others ran at the same time; above the lines is what failed, and why.
 *
 * Its last line is `N passed, N failed`; a task that failed without naming a test counts as one failure. A missing runtime or an
 * outdated table in docs/runtimes.md does not count as a failure unless `EVERY_RUNTIME` is set.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { describeMissing, isComplete, runSuite } from './runtimes/run.ts'
import { tableWritten, writeTable } from './runtimes/runtimes-table.ts'
import type { RuntimeResult } from './runtimes/runtimes.ts'
import { runtimes } from './runtimes/runtimes.ts'
import { installedIn } from './shared/pack-workspace.ts'

interface TaskSummary {
  taskId: string
  task: string
  package: string
  directory: string
  execution?: { exitCode: number | null; startTime: number; endTime: number }
}

/** The members of vitest's JSON report that are counted and shown. */
interface VitestReport {
  numPassedTests: number
  testResults: { name: string; status: string; message: string; assertionResults: TestResult[] }[]
}

interface TestResult {
  status: string
  fullName: string
  failureMessages: string[]
}

interface Row {
  what: string
  passed: number
  failed: number
  seconds?: number | undefined
  /** The tests that failed, with the reason: what a task printed may be thousands of lines above. */
  failures?: string[]
}

const root = join(import.meta.dirname, '../..')
const runsDirectory = join(root, '.turbo', 'runs')
let turboRuns = 0

/** The packages whose tests take minutes. */
const longest = ['@devicebatch/conformance', 'devicebatch', '@devicebatch/tracker', '@devicebatch/dashboard']

/** The packages whose `check` would only repeat what their build checks, which the tests of the packages run. */
const checkedWhenBuilt = ['client', 'csv', 'edge'].map((name) => `@devicebatch/${name}`)

// What an earlier run left behind must not be counted.
for (const directory of globSync(['*/.results', '*/*/.results'], { cwd: root, exclude: ['node_modules'] })) {
  rmSync(join(root, directory), { recursive: true })
}
rmSync(runsDirectory, { recursive: true, force: true })
mkdirSync(runsDirectory, { recursive: true })

// The tests pack the workspace once, for the suite too.
const packed = mkdtempSync(join(tmpdir(), 'devicebatch-packed-'))
// Compiling is half the CPU time of a short process: what one process compiles, the later ones load. Many of them run copies
// at a new path, so the cache would only grow if it were kept.
const compiled = mkdtempSync(join(tmpdir(), 'devicebatch-compiled-'))
process.env.NODE_COMPILE_CACHE = compiled
const longTests = runLongTests()
const [suite, ...succeeded] = await Promise.all([runSuiteOncePacked(longTests), longTests, runTheRest()])
const allSucceeded = succeeded.every(Boolean)

const rows = readTasks().map(toRow)
/** What to fix; a failure only if every runtime must be there. */
const notes: string[] = []
if (suite) {
  for (const { runtime, ran, ...counts } of suite)
    if (ran) rows.push({ what: `suite on ${runtime.label}`, ...counts })
  notes.push(...describeMissing(suite))
  if (isComplete(suite) && writeTable(suite)) notes.push(tableWritten)
} else rows.push({ what: 'suite (the packages could not be packed)', passed: 0, failed: 1 })
for (const directory of [packed, compiled]) rmSync(directory, { recursive: true, force: true })
if (process.env.EVERY_RUNTIME && notes.length > 0)
  rows.push({ what: 'runtimes, see below', passed: 0, failed: notes.length })

for (const failure of rows.flatMap((row) => row.failures ?? [])) console.log(`\n${failure}`)
const width = Math.max(...rows.map(({ what }) => what.length))
console.log()
for (const { what, passed, failed, seconds } of rows) {
  const time = seconds === undefined ? '' : `${Math.round(seconds)} s`
  console.log(
    `${what.padEnd(width)}  ${time.padStart(5)}  ${String(passed).padStart(5)} passed${failed ? `  ${failed} failed` : ''}`,
  )
}
if (notes.length > 0) console.log(`\n${notes.join('\n')}`)
const passed = rows.reduce((sum, row) => sum + row.passed, 0)
const failed = rows.reduce((sum, row) => sum + row.failed, 0) || (allSucceeded ? 0 : 1)
console.log(`\n${inMinutes(performance.now() / 1_000)} in all`)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

/** The longest start first and all at once: much of their time they wait for timers, databases, browsers and processes. */
async function runLongTests(): Promise<boolean> {
  const tasks = ['test', 'test:packages']
  return await runTurbo(longest.length + 1, ...tasks, ...longest.map((name) => `--filter=${name}`))
}

/** One at a time, beside the long ones. */
async function runTheRest(): Promise<boolean> {
  const checks = ['format:check', 'lint', 'check:types', 'check']
  const areChecksOk = await runTurbo(1, ...checks, ...checkedWhenBuilt.map((name) => `--filter=!${name}`))
  const areTestsOk = await runTurbo(1, 'test', ...longest.map((name) => `--filter=!${name}`))
  return areChecksOk && areTestsOk
}

/** The suite needs the packages as the tests have packed them. Undefined if they could not be packed. */
async function runSuiteOncePacked(tests: Promise<unknown>): Promise<RuntimeResult[] | undefined> {
  // npm writes it last.
  const installed = join(installedIn(packed), 'node_modules', '.package-lock.json')
  let areTestsOver = false
  void tests.then(() => (areTestsOver = true))
  while (!existsSync(installed)) {
    if (areTestsOver) return undefined
    await pause(1_000)
  }
  return await runSuite(runtimes, packed, false)
}

/** Whether every task succeeded. */
async function runTurbo(concurrency: number, ...args: string[]): Promise<boolean> {
  turboRuns++
  const options = [
    '--continue=always',
    `--concurrency=${concurrency}`,
    '--summarize',
    '--output-logs=errors-only',
  ]
  const turbo = spawn('turbo', ['run', ...args, ...options], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      DEVICEBATCH_PACKED: packed,
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
    },
    shell: process.platform === 'win32',
  })
  const [status] = (await once(turbo, 'close')) as [number | null]
  return status === 0
}

function readTasks(): TaskSummary[] {
  const files = globSync('*.json', { cwd: runsDirectory })
  if (files.length !== turboRuns)
    throw new Error(
      `Expected ${turboRuns} summaries of turbo's runs, found ${files.length}; see its messages above.`,
    )
  const tasks = files.flatMap((file) => {
    const summary = JSON.parse(readFileSync(join(runsDirectory, file), 'utf8')) as { tasks: TaskSummary[] }
    return summary.tasks
  })
  // Tasks without a command only order others.
  return tasks.filter(({ execution }) => execution).toSorted((a, b) => a.taskId.localeCompare(b.taskId))
}

function toRow({ task, package: name, directory, execution }: TaskSummary): Row {
  const what = name === '//' ? task : `${name} ${task}`
  const ok = execution?.exitCode === 0
  const seconds = execution && (execution.endTime - execution.startTime) / 1_000
  const reportFile = join(root, directory, '.results', `${task.replace(':', '-')}.json`)
  if (!existsSync(reportFile)) {
    return { what, passed: ok ? 1 : 0, failed: ok ? 0 : 1, seconds }
  }
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport
  const failures = report.testResults.flatMap(toFailures)
  return { what, passed: report.numPassedTests, failed: failures.length || (ok ? 0 : 1), seconds, failures }
}

function toFailures({
  name,
  status,
  message,
  assertionResults,
}: VitestReport['testResults'][number]): string[] {
  const file = relative(root, name)
  const failed = assertionResults.filter((test) => test.status === 'failed')
  // A file that could not be loaded, or whose hook failed, fails without a failed test.
  if (failed.length === 0 && status === 'failed')
    return [`FAILED ${file}\n${message || 'A hook failed: see what it printed, above.'}`]
  return failed.map(
    ({ fullName, failureMessages }) =>
      `FAILED ${file}: ${fullName}\n${withoutOthersCode(failureMessages.join('\n'))}`,
  )
}

function withoutOthersCode(stack: string): string {
  return stack.replaceAll(/\n {4}at (?:.*\/node_modules\/|new Promise).*/g, '')
}

function inMinutes(seconds: number): string {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}
