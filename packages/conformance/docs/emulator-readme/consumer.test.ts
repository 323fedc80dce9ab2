import { createPartnerCenter } from '@devicebatch/client'
import { createEmulator } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

test('a device of another tenant fails', async () => {
  const emulator = createEmulator({ timeScale: 0 })
  const partner = createPartnerCenter(emulator.partnerOptions())
  const customer = partner.customers.byId('c7f3c849-129f-4b85-a96d-4f8e88b315a3')
  const devices = [{ serialNumber: 'EMU808-1', oemManufacturerName: 'HP', modelName: 'EliteBook 840' }]
  const upload = await customer.deviceBatches.create({ batchId: 'Spring laptops', devices })
  const waiting = upload.wait({ initialIntervalMs: 1, maxIntervalMs: 1 })
  await emulator.clock.runUntil('idle')
  expect((await waiting).failures[0]?.errorDescription).toBe('ZtdDeviceAssignedToOtherTenant')
})
