/** A program can have the package twice, through two of its dependencies. */
import { inspect } from 'node:util'

import { createEmulator } from '@devicebatch/emulator'
import { expect, test, vi } from 'vitest'

import { customerId } from './helpers.ts'

async function twoCopies() {
  const first = await import('@devicebatch/client')
  vi.resetModules()
  const second = await import('@devicebatch/client')
  expect(second.createPartnerCenter).not.toBe(first.createPartnerCenter)
  const emulator = createEmulator({ timeScale: 0 })
  const customer = first.createPartnerCenter(emulator.partnerOptions()).customers.byId(customerId)
  return { first, second, emulator, customer }
}

const devices = [{ serialNumber: 'S1', oemManufacturerName: 'Contoso', modelName: 'Tablet 3' }]

test('an upload, a customer and a response of one copy work with the other', async () => {
  const { second, emulator, customer } = await twoCopies()
  const upload = await customer.deviceBatches.create({ batchId: 'One', devices })
  const { next } = await second.pollOnce(upload, undefined, { now: Date.now() })
  expect(next.kind).toBe('wait')
  emulator.clock.advance(60_000)
  expect(second.summarize(await upload.get())).toMatchObject({ outcome: 'succeeded', emulated: true })
  const group = await second.uploadDevices(customer, { batchId: 'Two', devices })
  emulator.clock.advance(60_000)
  expect((await group.wait({ initialIntervalMs: 1 })).outcome).toBe('succeeded')
})

test('an error of one copy is recognized by the other', async () => {
  const { first, second } = await twoCopies()
  const error = new first.InvalidArgumentError('wrong')
  expect(error).not.toBeInstanceOf(second.InvalidArgumentError)
  expect(second.isPartnerCenterError(error)).toBe(true)
})

test('the hidden members of a customer are neither printed nor listed', async () => {
  const { customer } = await twoCopies()
  expect(inspect(customer, { depth: 9 })).not.toMatch(/devicebatch\.|credential/)
  expect(Object.getOwnPropertySymbols({ ...customer })).toEqual([])
})
