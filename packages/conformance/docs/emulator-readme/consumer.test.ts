import { createPartnerCenter } from '@devicebatch/client'
import { createEmulator } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

test('a device of another tenant fails', async () => {
  const emulator = createEmulator({ timeScale: 0 })
  const customer = createPartnerCenter(emulator.partnerOptions()).customers.byId(crypto.randomUUID())
  const devices = [{ serialNumber: 'EMU808-1', oemManufacturerName: 'HP', modelName: 'EliteBook 840' }]
  const upload = await customer.deviceBatches.create({ batchId: 'Spring laptops', devices })
  emulator.clock.advance(60_000)
  const { failures } = await upload.wait({ initialIntervalMs: 1 })
  expect(failures[0]?.errorDescription).toBe('ZtdDeviceAssignedToOtherTenant')
})
