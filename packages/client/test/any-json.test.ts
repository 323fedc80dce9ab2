/** Whatever JSON is in a member of a row: the program gets text where text is documented, or one of our errors. */
import {
  deviceOutcome,
  devicesToRetry,
  explainDeviceError,
  findBatch,
  isPartnerCenterError,
  pollOnce,
  summarize,
  uploadDevices,
  verifyDevices,
} from '@devicebatch/client'
import type { CustomerResource, PartnerCenter } from '@devicebatch/client'
import type { BatchUploadDetails } from '@devicebatch/contract'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Answer } from './helpers.ts'
import { batchTrackingId, customerId, json, location, partnerOn, text } from './helpers.ts'

const now = Date.UTC(2026, 0, 5, 12)
const textMembers = ['serialNumber', 'productKey', 'deviceId', 'status', 'errorCode', 'errorDescription']

/** Methods that a careless conversion to text would call. */
const trap = fc.constantFrom({ toString: 5, valueOf: null }, [{ toJSON: 'x' }], { length: 3 }, [[]])
const anything = fc.oneof({ weight: 3, arbitrary: fc.jsonValue({ maxDepth: 2 }) }, trap)
const common = (member: string): fc.Arbitrary<unknown> =>
  fc.oneof(
    anything,
    fc.constantFrom<unknown>(
      'S-1',
      'finished',
      'finished_with_errors',
      'processing',
      '808',
      808,
      806,
      '',
      null,
    ),
    fc.constant(member),
  )
const rowOf = (members: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record(Object.fromEntries(members.map((member) => [member, common(member)])), {
        requiredKeys: [],
      }),
    },
    anything,
  )
const statusRows = fc.array(rowOf(textMembers), { maxLength: 4 })
const statusBody = fc.record({
  status: fc.constantFrom('finished', 'finished_with_errors', 'processing'),
  startedTime: anything,
  completedTime: anything,
  devicesStatus: fc.oneof({ weight: 9, arbitrary: statusRows }, anything),
})

function customerOn(answer: Answer): CustomerResource {
  return partnerOn(answer, { retry: false }).partner.customers.byId(customerId)
}

/** The result; one of our errors counts as a result, and anything else that is thrown fails the test. */
async function outcomeOf<T>(work: Promise<T>): Promise<T | undefined> {
  return await work.catch((error: unknown) => {
    if (isPartnerCenterError(error)) return undefined
    throw error
  })
}

function expectTexts(row: object, members: readonly string[]): void {
  for (const member of members) {
    const value = (row as Record<string, unknown>)[member] ?? ''
    expect(typeof value, `${member}: ${JSON.stringify(value)}`).toBe('string')
  }
}

describe('a status whose rows contain any JSON', () => {
  test('becomes a report with text in every member, and every row is counted', () => {
    fc.assert(
      fc.property(statusBody, (body) => {
        const report = summarize(body as unknown as BatchUploadDetails)
        const { total, ...counts } = report.counts
        expect(total).toBe(Array.isArray(body.devicesStatus) ? body.devicesStatus.length : 0)
        expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(total)
        for (const device of report.devices) {
          expectTexts(device, textMembers)
          deviceOutcome(device, true)
        }
        devicesToRetry(report, [{ productKey: 'S-1' }, { hardwareHash: 'QQ==' }])
        JSON.stringify(report)
      }),
      { numRuns: 2_000 },
    )
  })

  test('leaves rows with text unchanged', () => {
    const row = { serialNumber: ' S-1 ', status: 'finished', errorCode: null, more: { deep: [] } } as object
    expect(summarize({ batchTrackingId, status: 'finished', devicesStatus: [row] }).devices[0]).toBe(row)
  })

  test('shows a number unchanged, and an object only as "an object"', () => {
    const rows = [
      { serialNumber: 5, errorCode: 808, errorDescription: { code: 'hush' } },
      { errorCode: true },
    ]
    const { devices, counts } = summarize({
      batchTrackingId,
      status: 'finished',
      devicesStatus: rows as never,
    })
    expect(devices).toEqual([
      { serialNumber: '5', errorCode: '808', errorDescription: 'an object' },
      { errorCode: 'true' },
    ])
    expect(counts.failed).toBe(2)
  })

  test('is waited for, watched and polled with no errors but ours', async () => {
    await fc.assert(
      fc.asyncProperty(statusBody, async (body) => {
        const upload = customerOn(json(200, { ...body, status: 'finished' })).batchUploadStatus.byId(
          batchTrackingId,
        )
        expect((await upload.wait()).status).toBe('finished')
        for await (const report of upload.watch()) expect(report.status).toBe('finished')
        expect((await pollOnce(upload, undefined, { now })).next.kind).toBe('done')
      }),
      { numRuns: 300 },
    )
  })

  test('is read by a group of uploads', async () => {
    await fc.assert(
      fc.asyncProperty(statusBody, async (body) => {
        const customer = customerOn((sent) =>
          sent.method === 'POST'
            ? text(202, null, { Location: location })(sent)
            : json(200, sent.url.includes('JobStatus') ? { ...body, status: 'finished' } : [])(sent),
        )
        const devices = [{ productKey: 'S-1' }, { hardwareHash: 'QQ==' }]
        const group = await uploadDevices(customer, { batchId: 'B', devices })
        const report = await group.wait({ initialIntervalMs: 1 })
        for (const device of report.devices) expectTexts(device, textMembers)
        devicesToRetry(report, devices)
        JSON.stringify(report)
      }),
      { numRuns: 100 },
    )
  })
})

describe('explainDeviceError', () => {
  test('accepts any JSON', () => {
    fc.assert(
      fc.property(anything, anything, (code, name) => {
        expect(typeof explainDeviceError(code as string, name as string).meaning).toBe('string')
      }),
    )
    expect(explainDeviceError(808 as never).name).toBe('ZtdDeviceAssignedToOtherTenant')
  })
})

describe('a list whose rows contain any JSON', () => {
  const policies = fc.oneof(fc.array(rowOf(['key', 'value']), { maxLength: 2 }), anything)
  const lists: [
    string,
    string[],
    string,
    fc.Arbitrary<unknown>,
    (customer: CustomerResource, partner: PartnerCenter) => Promise<object[]>,
  ][] = [
    [
      'devices',
      ['id', 'serialNumber', 'productKey', 'modelName', 'oemManufacturerName', 'uploadedDate'],
      'policies',
      policies,
      (customer) => customer.deviceBatches.byId('B').devices.list().toArray(),
    ],
    [
      'batches',
      ['id', 'creationDate', 'createdBy'],
      'devicesCount',
      anything,
      (customer) => customer.deviceBatches.list().toArray(),
    ],
    [
      'policies',
      ['id', 'name', 'category', 'description', 'createdDate', 'lastModifiedDate'],
      'policySettings',
      fc.oneof(fc.array(anything, { maxLength: 2 }), anything),
      (customer) => customer.configurationPolicies.list().toArray(),
    ],
    [
      'customers',
      ['id', 'commerceId', 'relationshipToPartner'],
      'companyProfile',
      rowOf(['tenantId', 'domain', 'companyName']),
      (_, { customers }) => customers.list().toArray(),
    ],
  ]

  test.each(lists)(
    'of %s has text in every member and loses no row',
    async (_, members, other, value, read) => {
      const row = fc.oneof(
        fc
          .tuple(rowOf(members), value)
          .map(([one, more]) => (typeof one === 'object' && one ? { ...one, [other]: more } : one)),
        anything,
      )
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 4 }), fc.boolean(), async (items, isBare) => {
          const answer = json(200, isBare ? items : { items, totalCount: items.length })
          const { partner } = partnerOn(answer, { retry: false })
          const all = await read(partner.customers.byId(customerId), partner)
          expect(all).toHaveLength(items.length)
          for (const item of all as Record<string, unknown>[]) {
            expect(typeof item.id).toBe('string')
            expectTexts(item, members)
            for (const list of [item.policies, item.policySettings, item.allowedOperations])
              expect(list == null || Array.isArray(list)).toBe(true)
            for (const policy of (item.policies ?? []) as object[]) expectTexts(policy, ['key', 'value'])
            expectTexts(item.companyProfile ?? {}, ['tenantId', 'domain', 'companyName'])
            for (const setting of (item.policySettings ?? []) as unknown[])
              expect(typeof setting).toBe('string')
            expect(['number', 'undefined']).toContain(typeof (item.devicesCount ?? undefined))
          }
        }),
        { numRuns: 300 },
      )
    },
  )

  test('is read by verifyDevices and by findBatch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(rowOf(['id', 'serialNumber', 'productKey']), { maxLength: 4 }),
        async (items) => {
          const customer = customerOn(json(200, { items }))
          const report = summarize({
            batchTrackingId,
            status: 'finished',
            devicesStatus: [{ serialNumber: 'S-1', status: 'finished' }],
          })
          await verifyDevices(customer, 'B', report)
          await findBatch(customer, 'B')
        },
      ),
      { numRuns: 300 },
    )
  })

  test('may come with any JSON around its rows', async () => {
    const body = fc.record(
      {
        items: fc.oneof(fc.constant([{ id: 'a' }]), anything),
        totalCount: anything,
        continuationToken: anything,
        links: fc.oneof(anything, fc.record({ next: fc.oneof(anything, fc.record({ headers: anything })) })),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(body, async (first) => {
        let pages = 0
        const customer = customerOn((sent) => json(200, pages++ === 0 ? first : [])(sent))
        await outcomeOf(customer.deviceBatches.list().toArray())
      }),
      { numRuns: 500 },
    )
  })
})
