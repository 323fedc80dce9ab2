/** The emulator in a separate process: serves, records when each request arrived, and reports its record on request. */
import { createEmulator } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'

import { wholeSnapshot } from '../../../emulator/test/whole-snapshot.ts'
import type { DeviceEnd, EmulatorRecord, RequestKind, TakenUpload } from './emulator-record.ts'
import type { EmulatorChildOptions } from './processes.ts'

const { faults = [], ...options } = JSON.parse(process.argv[2]!) as EmulatorChildOptions
const emulator = createEmulator(options)
for (const fault of faults) emulator.faults.add(fault)
const before = new Set(uploads().map(({ batchTrackingId }) => batchTrackingId))
const arrivals: EmulatorRecord['arrivals'] = []

const server = await serve({
  emulator: {
    ...emulator,
    async fetch(input, init) {
      // Real time, by this process's clock: when the service starts counting.
      const at = performance.now()
      const { method, url } = input instanceof Request ? input : new Request(input, init)
      const customerId = /\/customers\/([\da-f-]+)/i.exec(url)?.[1]
      if (customerId) arrivals.push([at, customerId, kindOf(method, url)])
      return await emulator.fetch(input, init)
    },
  },
})
process.on('message', (question) => {
  process.send!(
    question === 'record' ? ({ arrivals, uploads: taken() } satisfies EmulatorRecord) : server.url,
  )
})

process.once('disconnect', () => process.exit())

function kindOf(method: string, url: string): RequestKind {
  if (method !== 'GET') return 'upload'
  return url.includes('/batchJobStatus/') ? 'poll' : 'list'
}

function uploads(): TakenUpload[] {
  return wholeSnapshot(emulator).customers.flatMap(({ customerId, uploads: all }) =>
    all.map(({ batchTrackingId, requestId = '', batchId = '', devices }) => ({
      customerId,
      batchTrackingId,
      requestId,
      batchId,
      devices: devices.map(({ serialNumber = '', outcome }): DeviceEnd => {
        if (outcome.kind !== 'failed') return [serialNumber, outcome.kind]
        const { errorCode = '' } = outcome
        return [serialNumber, errorCode === '806' ? 'already-registered' : 'failed', errorCode]
      }),
    })),
  )
}

/** What it has accepted since it started. */
function taken(): TakenUpload[] {
  return uploads().filter(({ batchTrackingId }) => !before.has(batchTrackingId))
}
