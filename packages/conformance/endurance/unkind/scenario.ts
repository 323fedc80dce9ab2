/** What is uploaded in a run: devices with every outcome, some of which a status cannot distinguish. */
import type { NewDevice } from '@devicebatch/contract'
import type { Emulator, EmulatorSeed } from '@devicebatch/emulator'

import { seededRandom } from '../../shared/seeded-random.ts'

export const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
const otherCustomerId = '11111111-2222-4333-8444-555555555555'
/** A policy that does not exist: a device that is assigned it fails with 809, whatever identifies the device. */
const unknownPolicy = '15a04610-9229-4e80-94e0-0e826a09c9e2'

/** What the emulator knows before the run. */
export const known: EmulatorSeed = {
  registeredDevices: [
    { customerId: otherCustomerId, serialNumber: 'TAKEN-1' },
    { customerId: otherCustomerId, productKey: '00000-00000-00000-00000-00808' },
    { customerId, serialNumber: 'MINE-1' },
  ],
}

/** In a third of the runs, loses a response after the request was processed. */
export function loseResponses({ faults }: Pick<Emulator, 'faults'>, seed: number): void {
  if (seed % 3 !== 0) return
  const operation = seed % 2 === 0 ? 'addDevicesToBatch' : 'createDeviceBatch'
  faults.add({ operation, times: 1 + (seed % 4), effect: { kind: 'cut', accepted: true } })
}

/** Between 12 and 40 devices, in an order that depends on the seed. */
export function drawDevices(seed: number): NewDevice[] {
  const random = seededRandom(seed)
  const makers: ((index: number) => NewDevice)[] = [
    (index) => laptop(`SN-${index}`),
    (index) => laptop(`SN-${index}`),
    (index) => ({ productKey: `11111-22222-33333-44444-${String(index).padStart(5, '0')}` }),
    (index) => ({ hardwareHash: `T0hB${index}` }),
    (index) => ({ hardwareHash: `T0hB${index}`, policies: [{ key: 'o_o_b_e', value: unknownPolicy }] }),
    (index) => ({ ...laptop(`SN-${index}`), policies: [{ key: 'o_o_b_e', value: unknownPolicy }] }),
    (index) => ({ hardwareHash: `T0hB${index}`, serialNumber: `SN-${index}` }),
    (index) => laptop(`EMU808-${index}`),
    (index) => laptop(`EMU806-${index}`),
    (index) => laptop(`EMU640-${index}`),
    (index) => laptop(`EMUSTUCK-${index}`),
    (index) => laptop(`EMUUNKNOWN-${index}`),
    () => laptop('TAKEN-1'),
    () => laptop('MINE-1'),
    () => ({ productKey: '00000-00000-00000-00000-00808' }),
    // A placeholder that several devices share, so that only their other values tell them apart.
    (index) => ({ ...laptop('Default string'), modelName: `Model ${index}` }),
    (index) => ({
      serialNumber: 'Default string',
      productKey: `22222-33333-44444-55555-${String(index).padStart(5, '0')}`,
    }),
  ]
  return Array.from({ length: 12 + Math.floor(random() * 29) }, (_, index) =>
    makers[Math.floor(random() * makers.length)]!(index),
  )
}

function laptop(serialNumber: string): NewDevice {
  return { serialNumber, oemManufacturerName: 'Contoso', modelName: 'Notebook 14' }
}
