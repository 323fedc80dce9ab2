/** Rendering from data, without a command. */
import { PassThrough } from 'node:stream'

import type { BatchUploadReport } from '@devicebatch/client'
import { reportRows, summarize } from '@devicebatch/client'
import { expect, test } from 'vitest'

import { exitCodeOf } from '../../src/cli/exit-code.ts'
import { commandLine, commandName } from '../../src/output/command-line.ts'
import { formatDuration, formatTime, plainText } from '../../src/output/format.ts'
import { devicesInNeed, rowsInNeed } from '../../src/output/needs-attention.ts'
import type { Page } from '../../src/output/output.ts'
import { createOutput } from '../../src/output/output.ts'
import { renderLiveProgress } from '../../src/output/render-progress.ts'
import { renderReport, uploadFacts } from '../../src/output/render-report.ts'
import { renderTable } from '../../src/output/render-text.ts'

const page = (width: number): Page => ({ width, style: (_, text) => text })
const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'
const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'

function reportOf(status: string, ...devices: [string, string?][]): BatchUploadReport {
  return summarize({
    batchTrackingId,
    status,
    devicesStatus: devices.map(([word, errorCode], index) => ({
      serialNumber: `S${index}`,
      status: word,
      ...(errorCode && { errorCode }),
    })),
  })
}

/** The lines of a report, as printed by `status` and `watch`. */
function render(report: BatchUploadReport, width: number, listed?: number): string[] {
  const [facts, needs] = [
    uploadFacts(report, { customerId, batchTrackingId: report.batchTrackingId }),
    devicesInNeed(report),
  ]
  return renderReport({ report, facts, needs, isEmulator: true, listed }, page(width))
}

test.for([
  ['finished', [['finished'], ['finished']], { skipped: 0 }, 0],
  ['finished', [['finished'], ['finished_with_errors', '806']], { skipped: 0, sent: 2 }, 0],
  ['finished', [['finished'], ['finished_with_errors', '808']], { skipped: 0 }, 2],
  ['finished', [['finished'], ['processing']], { skipped: 0 }, 2],
  ['finished', [['finished']], { skipped: 1, sent: 1 }, 2],
  ['finished', [['finished']], { skipped: 0, sent: 2 }, 2],
  ['finished', [], { skipped: 0 }, 2],
  ['finished_with_errors', [['finished']], { skipped: 0 }, 0],
  ['processing', [['finished'], ['finished_with_errors', '808']], { skipped: 1 }, 3],
  ['succeeded', [['finished']], { skipped: 0 }, 3],
] as [string, [string, string?][], { skipped: number; sent?: number }, number][])(
  'a batch with the status %s, the devices %j and the rows %j exits with %i',
  ([status, devices, rows, code]) => {
    expect(exitCodeOf(reportOf(status, ...devices), rows)).toBe(code)
  },
)

test('a time reads the same everywhere', () => {
  expect(formatTime('2017-07-25T10:00:00.000Z')).toBe('2017-07-25 10:00:00 UTC')
})

test.for([
  [0, '0 s'],
  [9_400, '9 s'],
  [60_000, '1 min'],
  [725_000, '12 min 5 s'],
  [3_600_000, '1 h'],
  [5_400_000, '1 h 30 min'],
  [-5, '0 s'],
] as const)('%i ms are written %s', ([ms, text]) => {
  expect(formatDuration(ms)).toBe(text)
})

test('external text cannot move the cursor, change a color or begin a line', () => {
  expect(plainText('a\u001B[2Jb\r\nc\u009Bd\u202Ee')).toBe('a [2Jb c d e')
})

test('a value from the service that would color the terminal is escaped in the report', () => {
  const report = reportOf('finished', ['fin\u001B[31mished'])
  const lines = render(report, 80).join('\n')
  expect(lines).toContain('unresolved')
  expect(lines).not.toContain('\u001B')
})

test('no line of a report is wider than the page', () => {
  const report = reportOf(
    'finished',
    ['finished_with_errors', '808'],
    ['finished_with_errors', '999'],
    ['odd'],
  )
  for (const width of [60, 80, 120]) {
    const widths = render(report, width).map((line) => line.length)
    expect(Math.max(...widths)).toBeLessThanOrEqual(width)
  }
})

test('devices that failed for the same reason are grouped under one explanation', () => {
  const report = reportOf(
    'finished',
    ['finished_with_errors', '808'],
    ['finished_with_errors', '812'],
    ['finished_with_errors', '808'],
  )
  const lines = render(report, 80)
  expect(lines.filter((line) => line.startsWith('808'))).toEqual([
    '808 ZtdDeviceAssignedToOtherTenant  2 devices failed',
  ])
  expect(lines.filter((line) => line.includes('Meaning'))).toHaveLength(2)
})

test('a report refers to the results file for devices that it does not list', () => {
  const devices = Array.from({ length: 30 }, (): [string, string] => ['finished_with_errors', '808'])
  const report = reportOf('finished', ...devices)
  const lines = render(report, 80, 25)
  expect(lines.filter((line) => /^ {4}S\d+$/.test(line))).toHaveLength(25)
  expect(lines).toContain('    … and 5 more, all in the results file')
})

test('an unexplained error code is shown with a remedy', () => {
  const [device] = devicesInNeed(reportOf('finished', ['finished_with_errors', '999']))
  expect(device).toMatchObject({ errorCode: '999', meaning: expect.stringContaining('999') })
  expect(device?.remedy).not.toBe('')
})

test('the row of a device is found by serial number and product ID, and not guessed when there are two candidates', () => {
  const names = { oemManufacturerName: 'HP', modelName: 'X' }
  const rows = [
    { line: 2, device: { serialNumber: 's0', ...names } },
    { line: 3, device: { serialNumber: 'S1', ...names } },
    { line: 4, device: { serialNumber: 'S1', ...names, modelName: 'Y' } },
  ]
  const report = reportOf('finished', ['finished_with_errors', '808'], ['finished_with_errors', '808'])
  const needs = rowsInNeed(
    reportRows(
      report,
      rows.map(({ device }) => device),
    ),
    rows,
  )
  expect(needs).toMatchObject([
    { outcome: 'failed', line: 2, errorCode: '808', manufacturer: 'HP', model: 'X' },
    { outcome: 'unresolved', line: 3 },
    { outcome: 'unresolved', line: 4 },
  ])
})

test('wide characters keep the columns of a table in line', () => {
  expect(
    renderTable(
      [
        ['前台', 'a'],
        ['x', 'b'],
      ],
      80,
    ),
  ).toEqual(['前台  a', 'x     b'])
})

const counts = { total: 100, pending: 50, succeeded: 48, alreadyRegistered: 1, failed: 1, unresolved: 0 }

test.for([40, 80, 120])('the bar and its notes fit on %i columns, two lines', (width) => {
  const view = { status: 'processing', counts, sent: 100, elapsedMs: 65_000, nextPollMs: 8_000 }
  const lines = renderLiveProgress(view, page(width))
  expect(lines).toHaveLength(2)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
  expect(lines[0]).toContain('50 of 100 devices')
  expect(lines[1]).toContain('processing · 49 registered')
})

test('the length of the bar shows the progress, and a failure is visible however small its share', () => {
  const marked: Page = {
    width: 120,
    style: (format, text) => (format === 'red' ? text.replaceAll('█', 'x') : text),
  }
  const [bar] = renderLiveProgress({ status: 'processing', counts, sent: 100, elapsedMs: 0 }, marked)
  expect(bar).toBe(`${'█'.repeat(24)}x${'░'.repeat(25)}  50 of 100 devices`)
})

test('a failed poll is shown instead of the status', () => {
  const view = {
    status: 'processing',
    counts,
    elapsedMs: 0,
    nextPollMs: 4_000,
    trouble: 'No response (connection)',
  }
  expect(renderLiveProgress(view, page(120))[1]).toContain('No response (connection)')
})

test.for([
  [{ npm_command: 'exec' }, '/home/u/.npm/_npx/1/node_modules/.bin/devicebatch', 'npx devicebatch'],
  [{}, '/usr/local/bin/devicebatch', 'devicebatch'],
  [{}, '/clone/apps/console/src/main.ts', 'node apps/console/src/main.ts'],
  [{ npm_command: 'start' }, '/clone/apps/console/src/main.ts', 'npm run devicebatch --'],
] as const)('the command is called as it was started: %j %s', ([env, script, name]) => {
  expect(commandName(env, script, '/clone')).toBe(name)
})

test.skipIf(process.platform === 'win32')('the command to continue survives a shell', () => {
  const options = { customer: customerId, strict: true, csv: "it's $HOME.csv", results: undefined }
  expect(commandLine('devicebatch', ['upload', 'my file.csv'], options)).toBe(
    `devicebatch upload 'my file.csv' --customer ${customerId} --strict --csv 'it'\\''s $HOME.csv'`,
  )
})

test.for([
  [{}, false],
  [{ FORCE_COLOR: '1' }, true],
  [{ FORCE_COLOR: '0' }, false],
] as const)(
  'the environment of the command decides on colors, not that of the process: %j',
  ([env, isColored]) => {
    const { style } = createOutput('text', { stdout: new PassThrough(), stderr: new PassThrough(), env })
    expect(style('red', 'x')).toBe(isColored ? '\u001B[31mx\u001B[39m' : 'x')
  },
)
