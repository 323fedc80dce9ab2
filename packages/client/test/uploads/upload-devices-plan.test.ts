import { planUpload, uploadDevices } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { customerId, json, location, partnerOn, text } from '../helpers.ts'

/** Devices of very different sizes, some of them equal, some with characters of several bytes. */
const device: fc.Arbitrary<NewDevice> = fc
  .record({
    productKey: fc.string({
      minLength: 1,
      maxLength: 3,
      unit: fc.constantFrom('a', 'b', 'é', '語', '😀', '"', '\\', '\u0001', '\ud800'),
    }),
    serialNumber: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
    hardwareHash: fc.option(
      fc.integer({ min: 1, max: 300 }).map((length) => 'h'.repeat(length)),
      {
        nil: undefined,
      },
    ),
  })
  .map((one) => JSON.parse(JSON.stringify(one)) as NewDevice)

const request = fc.record({
  batchId: fc.constantFrom('B', 'Stück für Stück'),
  devices: fc.array(device, { minLength: 1, maxLength: 40 }),
  chunkSize: fc.integer({ min: 1, max: 12 }),
  maxChunkBytes: fc.integer({ min: 450, max: 2_000 }),
  isStream: fc.boolean(),
})

async function* stream<T>(items: T[]): AsyncGenerator<T> {
  yield* items
}

const text8 = new TextEncoder()

test('no device is lost, none is sent twice, the order and the limits are kept', async () => {
  await fc.assert(
    fc.asyncProperty(request, async ({ devices, isStream, ...limits }) => {
      const accepted = text(202, null, { Location: location })
      const { partner, sent } = partnerOn((one) => (one.method === 'GET' ? json(200, []) : accepted)(one))
      const group = await uploadDevices(partner.customers.byId(customerId), {
        ...limits,
        devices: isStream ? stream(devices) : devices,
      })
      const bodies = sent.slice(1).map(({ body }) => body as NewDevice[] | { devices: NewDevice[] })
      const chunks = bodies.map((body) => ('devices' in body ? body.devices : body))

      const different = [...new Map(devices.map((one) => [canonical(one), one])).values()]
      expect(chunks.flat().map(canonical)).toEqual(different.map(canonical))
      for (const [at, body] of bodies.entries()) {
        expect(chunks[at]!.length).toBeLessThanOrEqual(limits.chunkSize)
        expect(text8.encode(JSON.stringify(body)).length).toBeLessThanOrEqual(limits.maxChunkBytes)
      }

      expect(group.chunks.map(({ deviceCount }) => deviceCount)).toEqual(chunks.map(({ length }) => length))
      expect(group.chunks.map(({ fromIndex }) => fromIndex)).toEqual([
        0,
        ...group.chunks.slice(0, -1).map(({ toIndex }) => toIndex),
      ])
      expect(group.chunks.at(-1)!.toIndex).toBe(devices.length)
      for (const { index, firstIndex } of group.duplicates) {
        expect(firstIndex).toBeLessThan(index)
        expect(devices[index]).toEqual(devices[firstIndex])
      }
      expect(group.duplicates.length + different.length).toBe(devices.length)
    }),
    { numRuns: 300 },
  )
})

test('a plan matches what is sent, and makes no request', async () => {
  await fc.assert(
    fc.asyncProperty(request, async (asked) => {
      const { isStream: _, ...limits } = asked
      const accepted = text(202, null, { Location: location })
      const { partner, sent } = partnerOn((one) => (one.method === 'GET' ? json(200, []) : accepted)(one))
      const customer = partner.customers.byId(customerId)
      const plan = await planUpload({ ...limits, customerId })
      expect(sent).toHaveLength(0)
      const group = await uploadDevices(customer, limits)
      expect(
        plan.chunks.map(({ fromIndex, toIndex, deviceCount }) => ({ fromIndex, toIndex, deviceCount })),
      ).toEqual(
        group.chunks.map(({ fromIndex, toIndex, deviceCount }) => ({ fromIndex, toIndex, deviceCount })),
      )
      expect(plan.duplicates).toEqual(group.duplicates)
      const sizes = sent.slice(1).map(({ body }) => text8.encode(JSON.stringify(body)).length)
      for (const [at, { bytes }] of plan.chunks.entries()) {
        // An existing batch takes the bare array.
        expect([1, limitsOf(limits.batchId)]).toContain(bytes - sizes[at]!)
        expect(bytes).toBeLessThanOrEqual(limits.maxChunkBytes)
      }
    }),
    { numRuns: 100 },
  )
})

test('an upload that was interrupted anywhere and resumed sends the same requests as one that was not', async () => {
  await fc.assert(
    fc.asyncProperty(request, fc.nat(), async ({ isStream, ...limits }, cut) => {
      const accepted = text(202, null, { Location: location })
      const { partner, sent } = partnerOn((one) => (one.method === 'GET' ? json(200, []) : accepted)(one))
      const customer = partner.customers.byId(customerId)
      const whole = await uploadDevices(customer, limits)
      const bodies = sent
        .splice(0)
        .slice(1)
        .map(({ body }) => body)

      const kept = whole.toJSON()
      const resume = {
        ...kept,
        chunks: kept.chunks.slice(0, cut % (kept.chunks.length + 1)),
        complete: false,
      }
      const group = await uploadDevices(customer, {
        ...limits,
        // What was sent stays split as it was; only the rest is split again.
        chunkSize: limits.chunkSize,
        devices: isStream ? stream(limits.devices) : limits.devices,
        resume: JSON.parse(JSON.stringify(resume)),
      })
      const left = sent.filter(({ method }) => method === 'POST').map(({ body }) => devicesIn(body))
      expect(left).toEqual(bodies.slice(resume.chunks.length).map(devicesIn))
      expect(group.duplicates).toEqual(whole.duplicates)
      expect(group.chunks.map(({ digest }) => digest)).toEqual(whole.chunks.map(({ digest }) => digest))
    }),
    { numRuns: 200 },
  )
})

function devicesIn(body: unknown): NewDevice[] {
  return Array.isArray(body) ? body : (body as { devices: NewDevice[] }).devices
}

function canonical({ productKey, serialNumber, hardwareHash }: NewDevice): string {
  return JSON.stringify([productKey, serialNumber, hardwareHash])
}

/** How much the plan overestimates a request that adds to a batch. */
function limitsOf(batchId: string): number {
  return 1 + text8.encode(JSON.stringify({ batchId, devices: [] })).length - 2
}
