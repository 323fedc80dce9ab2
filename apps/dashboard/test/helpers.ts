/** A dashboard on a free port, with its own emulator and tracker; all of it ends with the test. */
import type { Emulator } from '@devicebatch/emulator'
import { createEmulator } from '@devicebatch/emulator'
import type { Tracker, TrackerDatabase } from '@devicebatch/tracker'
import { createTracker } from '@devicebatch/tracker'
import { serve } from '@hono/node-server'
import type { ServerType } from '@hono/node-server'
import { onTestFinished } from 'vitest'

import { keepsConnections, patienceMs } from '../../../packages/conformance/shared/patience.ts'
import { underProfile } from '../../../packages/emulator/test/profile.ts'
import { makeDatabase } from '../../../packages/tracker/test/databases.ts'
import type { Dashboard, DashboardOptions } from '../src/app.ts'
import { createDashboard } from '../src/app.ts'
import type { LogLine } from '../src/log.ts'
import { customerId } from './large-database.ts'

export { customerId }

export const otherCustomerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'

export interface TestDashboard {
  url: string
  port: number
  tracker: Tracker
  emulator: Emulator
  /** Every line. */
  lines: LogLine[]
  /** Without the requests that went well, and without the ID that each line has. */
  log: Omit<LogLine, 'requestId'>[]
  server: ServerType
  fetch: Dashboard['fetch']
  drain: Dashboard['drain']
}

/** Like `makeDashboard`, for one test. */
export async function startDashboard(options: MakeOptions = {}): Promise<TestDashboard> {
  const dashboard = await makeDashboard(options)
  onTestFinished(dashboard.stop)
  return dashboard
}

type MakeOptions = Partial<DashboardOptions> & {
  database?: TrackerDatabase
  timeScale?: number
  port?: number
}

/** In the emulator, a batch takes half a second unless `timeScale` says otherwise. */
export async function makeDashboard({
  database,
  timeScale = 24,
  port = 0,
  ...options
}: MakeOptions = {}): Promise<TestDashboard & { stop: () => Promise<void> }> {
  const made = database === undefined ? await makeDatabase() : undefined
  const emulator = createEmulator(underProfile({ timeScale }))
  const tracker = createTracker({
    database: database ?? made!.database,
    partner: emulator.partnerOptions(),
    poll: { initialIntervalMs: 200, maxIntervalMs: 400 },
    rateLimits: { partnerPerMinute: 60_000, customerPerMinute: 60_000 },
  })
  await tracker.start()
  const { close: stopServing, ...dashboard } = await serveDashboard(tracker, emulator, options, port)
  return {
    ...dashboard,
    async stop() {
      await stopServing()
      await tracker.close()
      await made?.remove()
    },
  }
}

function collectLog(): Pick<TestDashboard, 'lines' | 'log'> & { add: (line: LogLine) => void } {
  const [lines, log]: [LogLine[], TestDashboard['log']] = [[], []]
  return {
    lines,
    log,
    add(line) {
      lines.push(line)
      const { requestId: _, ...rest } = line
      if (line.event !== 'request') log.push(rest)
    },
  }
}

/** Another dashboard on the same tracker, which starts immediately. */
export async function startAnother(
  { tracker, emulator }: TestDashboard,
  options: Partial<DashboardOptions>,
): Promise<TestDashboard> {
  const { close: stopServing, ...dashboard } = await serveDashboard(tracker, emulator, options)
  onTestFinished(stopServing)
  return dashboard
}

async function serveDashboard(
  tracker: Tracker,
  emulator: Emulator,
  options: Partial<DashboardOptions>,
  wantedPort = 0,
): Promise<TestDashboard & { close: () => Promise<void> }> {
  const { add, lines, log } = collectLog()
  const dashboard = createDashboard({ tracker, partner: emulator.partnerOptions(), log: add, ...options })
  const { server, port } = await listen(dashboard.fetch, wantedPort)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    tracker,
    emulator,
    lines,
    log,
    server,
    fetch: dashboard.fetch,
    drain: () => dashboard.drain(),
    async close() {
      dashboard.close()
      await close(server)
    },
  }
}

export async function listen(
  fetch: Parameters<typeof serve>[0]['fetch'],
  port: number,
): Promise<{ server: ServerType; port: number }> {
  return await new Promise((resolve) => {
    const options = { fetch, hostname: '127.0.0.1', port, serverOptions: keepsConnections }
    const server = serve(options, (info) => resolve({ server, port: info.port }))
  })
}

/** Ends it and every connection. */
export async function close(server: ServerType): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  if ('closeAllConnections' in server) server.closeAllConnections()
  await closed
}

export function devices(...serialNumbers: string[]) {
  return serialNumbers.map((serialNumber) => ({
    serialNumber,
    oemManufacturerName: 'Contoso',
    modelName: 'Laptop 3',
  }))
}

/** Submits an upload and waits until it has ended. */
export async function uploaded(
  tracker: Tracker,
  batchId: string,
  serialNumbers: readonly string[],
  ofCustomer = customerId,
): Promise<string> {
  const { submissionId } = await tracker.submit({
    customerId: ofCustomer,
    batchId,
    devices: devices(...serialNumbers),
  })
  for await (const event of tracker.events({ signal: AbortSignal.timeout(patienceMs) })) {
    if (event.type === 'upload.ended' && event.submissionId === submissionId) return event.batchTrackingId
  }
  throw new Error(`${batchId} did not end within ${patienceMs / 60_000} minutes.`)
}

/** A device file. */
export function csv(...rows: string[]): string {
  return ['Device Serial Number,Manufacturer name,Device model', ...rows, ''].join('\n')
}

/** The form of a new upload, as a browser sends it. */
export function uploadForm(
  file: Blob | string,
  { batchId = 'Front desk', customer = customerId } = {},
): FormData {
  const form = new FormData()
  form.set('customerId', customer)
  form.set('batchId', batchId)
  form.set('file', typeof file === 'string' ? new Blob([file]) : file, 'devices.csv')
  return form
}

/** A request as from this site's own pages. */
export async function request(
  { url }: Pick<TestDashboard, 'url'>,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  return await fetch(`${url}${path}`, {
    redirect: 'manual',
    ...init,
    headers: { Origin: url, ...(init.headers as Record<string, string>) },
  })
}
