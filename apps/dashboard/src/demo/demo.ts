/** The demo: the emulator, a tracker with weeks of history, and uploads that run, fail and are refused. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { PartnerCenterOptions } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import { createEmulator } from '@devicebatch/emulator'
import { createTracker } from '@devicebatch/tracker'

import type { Running } from '../environment/running.ts'
import { writeHistory } from './demo-history.ts'

/** Customers of Microsoft's own examples; the emulator has the first. */
const [fabrikam, contoso, wingtip] = [
  '47021739-3426-40bf-9601-61b4b6d7c793',
  'c7f3c849-129f-4b85-a96d-4f8e88b315a3',
  '0c39d6d5-c70d-4c55-bc02-f620844f3fd1',
]

/** A batch takes half a minute here, and about ten minutes at Microsoft. */
const lifecycle = { queuedMs: 3_000, processingMs: 27_000 }

/** A few more arrive while somebody watches; then no more, so that a visitor's own upload stays at the top. */
const [nextAfterMs, mostToCome] = [20_000, 4]

/** Starts it. */
export async function startDemo(): Promise<Running> {
  const directory = await mkdtemp(join(tmpdir(), 'devicebatch-demo-'))
  await writeHistory(directory, [fabrikam, contoso])
  const emulator = createEmulator(lifecycle)
  emulator.seed({
    customers: [
      { customerId: contoso, companyName: 'Contoso', domain: 'contoso.onmicrosoft.com' },
      { customerId: wingtip, companyName: 'Wingtip Toys', domain: 'wingtiptoys.onmicrosoft.com' },
    ],
  })
  const partner: PartnerCenterOptions = emulator.partnerOptions()
  const tracker = createTracker({
    database: { directory },
    partner,
    poll: { initialIntervalMs: 1_000, maxIntervalMs: 2_000 },
    rateLimits: { partnerPerMinute: 6_000, customerPerMinute: 1_200 },
  })
  await tracker.start()
  const submit = (customerId: string, batchId: string, devices: NewDevice[]) =>
    tracker.submit({ customerId, batchId, devices })

  // As if the account lacked the role.
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 403 } })
  await submit(wingtip, 'Meeting rooms', named('MR', 8))
  for await (const { type } of tracker.events()) if (type === 'submission.failed') break
  await submit(fabrikam, 'Front desk', named('FD', 12))
  await submit(fabrikam, 'Warehouse scanners', [...named('WH', 60), ...failing([808, 2], [812, 3], [640, 4])])
  await submit(contoso, 'Sales laptops', [...named('SL', 180), ...failing([808, 5], [802, 1], [806, 9])])

  let came = 0
  const more = setInterval(() => {
    came += 1
    if (came >= mostToCome) clearInterval(more)
    const customerId = [fabrikam, contoso][came % 2]!
    void submit(customerId, `Delivery ${came}`, [...named(`D${came}`, 20), ...failing([812, came % 3])])
  }, nextAfterMs)
  return {
    tracker,
    partner,
    emulated: true,
    async stop() {
      clearInterval(more)
      await tracker.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function named(prefix: string, count: number): NewDevice[] {
  return Array.from({ length: count }, (_, index) =>
    device(`${prefix}-${String(index + 1).padStart(4, '0')}`),
  )
}

/** The emulator fails a device whose serial number begins with `EMU` and a code. */
function failing(...errors: [code: number, count: number][]): NewDevice[] {
  return errors.flatMap(([code, count]) =>
    Array.from({ length: count }, (_, index) => device(`EMU${code}-${index + 1}`)),
  )
}

function device(serialNumber: string): NewDevice {
  return { serialNumber, oemManufacturerName: 'Contoso', modelName: 'Laptop 3' }
}
