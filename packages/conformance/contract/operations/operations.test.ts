/** Calls every operation as users do, with the methods of the client and the command, as listed in docs/operations.md. */
import type { BatchUpload, CustomerResource, PartnerCenter } from '@devicebatch/client'
import { createPartnerCenter } from '@devicebatch/client'
import { appUser } from '@devicebatch/client/credentials'
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import type { Emulator } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, onTestFinished, test } from 'vitest'

import { makeFolder, run } from '../../../../apps/console/test/command.ts'
import type { ApiOperation } from './operations.ts'
import { rows } from './operations.ts'
import { operationTable, writtenTable } from './table.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'
const batchId = 'Front desk'
const policyId = '56edf752-ee77-4fd8-b7f5-df1f74a3a9ac'
const policy = { name: 'Skip', category: 'o_o_b_e', policySettings: ['skip_eula'] }
const device = { serialNumber: 'S1', oemManufacturerName: 'HP', modelName: 'EliteBook 840' }

/** An emulator with a customer who has a batch of one device, and a policy. */
function emulate(): Emulator {
  const emulator = createEmulator({ timeScale: 0, queuedMs: 0, processingMs: 0 })
  emulator.seed({
    customers: [{ customerId, companyName: 'Front Office', domain: 'front.onmicrosoft.com' }],
    batches: [{ customerId, batchId, devices: [device] }],
    policies: [{ customerId, id: policyId, ...policy }],
  })
  return emulator
}

function partnerOn({ fetch }: Emulator): PartnerCenter {
  const credential = appUser({ ...emulatorCredentials, onRefreshToken: () => {}, fetch })
  return createPartnerCenter({ credential, fetch })
}

/** The distinct operations that the emulator processed. */
function carriedOut({ requests }: Emulator): Set<string | undefined> {
  return new Set(requests.filter(({ status = 500 }) => status < 300).map(({ operation }) => operation))
}

const laptop = (serialNumber: string) => ({ ...device, serialNumber })
const ended = async (upload: BatchUpload) => (await upload.get()).status

/** What each method in the table does, and its result. */
const methods: Record<ApiOperation, (customer: CustomerResource, partner: PartnerCenter) => Promise<void>> = {
  async getBatchUploadStatus({ deviceBatches, batchUploadStatus }) {
    const { batchTrackingId } = await deviceBatches.create({ batchId: 'B', devices: [laptop('S2')] })
    const details = await batchUploadStatus.byId(batchTrackingId).get()
    expect(details).toMatchObject({
      batchTrackingId,
      status: 'finished',
      devicesStatus: [{ serialNumber: 'S2' }],
    })
  },
  async createDeviceBatch({ deviceBatches }) {
    expect(await ended(await deviceBatches.create({ batchId: 'B', devices: [laptop('S2')] }))).toBe(
      'finished',
    )
  },
  async addDevicesToBatch({ deviceBatches }) {
    const { devices } = deviceBatches.byId(batchId)
    expect(await ended(await devices.add([laptop('S2')]))).toBe('finished')
    expect(await devices.list().toArray()).toHaveLength(2)
  },
  async listDeviceBatches({ deviceBatches }) {
    expect(await deviceBatches.list().toArray()).toMatchObject([{ id: batchId, devicesCount: 1 }])
  },
  async listDevices({ deviceBatches }) {
    expect(await deviceBatches.byId(batchId).devices.list().toArray()).toMatchObject([device])
  },
  async updateDevice({ deviceBatches }) {
    const { devices } = deviceBatches.byId(batchId)
    const [listed] = await devices.list().toArray()
    const policies = [{ key: 'o_o_b_e', value: policyId }]
    await devices.byId(listed!.id).update({ ...listed!, policies })
    expect(await devices.list().toArray()).toMatchObject([{ policies: [{ value: 'Skip' }] }])
  },
  async deleteDevice({ deviceBatches }) {
    const { devices } = deviceBatches.byId(batchId)
    const [listed] = await devices.list().toArray()
    await devices.byId(listed!.id).delete()
    expect(await devices.list().toArray()).toEqual([])
  },
  async updateDevicesWithPolicy({ deviceBatches, devicePolicy }) {
    const { devices } = deviceBatches.byId(batchId)
    const [listed] = await devices.list().toArray()
    const update = await devicePolicy.update([
      { id: listed!.id, policies: [{ key: 'o_o_b_e', value: policyId }] },
    ])
    expect(await ended(update)).toBe('finished')
    expect(await devices.list().toArray()).toMatchObject([{ policies: [{ value: 'Skip' }] }])
  },
  async listPolicies({ configurationPolicies }) {
    expect(await configurationPolicies.list().toArray()).toMatchObject([{ id: policyId, ...policy }])
  },
  async createPolicy({ configurationPolicies }) {
    expect(await configurationPolicies.create({ ...policy, name: 'Other' })).toMatchObject({ name: 'Other' })
  },
  async getPolicy({ configurationPolicies }) {
    expect(await configurationPolicies.byId(policyId).get()).toMatchObject(policy)
  },
  async updatePolicy({ configurationPolicies }) {
    const one = configurationPolicies.byId(policyId)
    expect(await one.update({ ...(await one.get()), name: 'Renamed' })).toMatchObject({ name: 'Renamed' })
  },
  async deletePolicy({ configurationPolicies }) {
    await configurationPolicies.byId(policyId).delete()
    expect(await configurationPolicies.list().toArray()).toEqual([])
  },
  async listCustomers(_customer, { customers }) {
    expect(await customers.list({ companyName: 'front' }).toArray()).toMatchObject([{ id: customerId }])
  },
  async getCustomer(customer) {
    expect(await customer.get()).toMatchObject({ companyProfile: { companyName: 'Front Office' } })
  },
  async getRelationshipRequest(_customer, { customers }) {
    expect(await customers.relationshipRequest.get()).toMatchObject({ url: expect.stringMatching(/^https:/) })
  },
}

test.each(rows)('$operation is what $method calls', async ({ operation, method }) => {
  const emulator = emulate()
  const partner = partnerOn(emulator)
  const customer = partner.customers.byId(customerId)
  // The path in the table exists.
  const path = method.split('.').map((part) => part.replace('()', ''))
  await methods[operation](customer, partner)
  expect(carriedOut(emulator)).toContain(operation)
  expect(typeof resolve({ customer, partner }, path)).toBe('function')
})

/** The method that a path such as `customer.deviceBatches.byId.devices.list` leads to. */
function resolve(roots: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((owner, name, at) => {
    const member = (owner as Record<string, unknown>)[name]
    if (name !== 'byId' || at === path.length - 1) return member
    return (member as (id: string) => unknown)(policyId)
  }, roots)
}

const ofCustomer = ['--customer', customerId]
const soon = ['--interval', '0.02']

/** The arguments after the command in the table. */
const operands: Record<ApiOperation, string[]> = {
  getBatchUploadStatus: ['0127ed8e-ff72-4983-a3d8-e8d8bd378932', ...ofCustomer],
  createDeviceBatch: ['FILE', '--batch', 'New', ...soon, ...ofCustomer],
  addDevicesToBatch: ['FILE', '--batch', batchId, ...soon, ...ofCustomer],
  listDeviceBatches: ofCustomer,
  listDevices: [batchId, ...ofCustomer],
  updateDevice: [],
  deleteDevice: [batchId, 'S1', '--yes', ...ofCustomer],
  updateDevicesWithPolicy: [batchId, '--all', '--policy', 'Skip', ...soon, ...ofCustomer],
  listPolicies: ofCustomer,
  createPolicy: ['Other', '--setting', 'skip_eula', ...ofCustomer],
  getPolicy: [policyId, ...ofCustomer],
  updatePolicy: ['Skip', '--name', 'Renamed', ...ofCustomer],
  deletePolicy: ['Skip', '--yes', ...ofCustomer],
  listCustomers: [],
  getCustomer: [customerId],
  getRelationshipRequest: [],
}

test.each(rows.filter(({ command }) => command !== ''))(
  '$operation is what "devicebatch $command" calls',
  async ({ operation, command }) => {
    const emulator = emulate()
    const upload = { customerId, batchId: 'Old', batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932' }
    if (command === 'status') emulator.seed({ uploads: [{ ...upload, devices: [laptop('S9')] }] })
    const server = await serve({ emulator })
    onTestFinished(() => server.close())
    const folder = await makeFolder()
    const list = 'Device Serial Number,Manufacturer name,Device model\nS2,HP,EliteBook 840\n'
    const file = await folder.write('devices.csv', list)

    const typed = operands[operation].map((word) => (word === 'FILE' ? file : word))
    const { code, stderr } = await run([...command.split(' '), ...typed, '--emulator', server.url])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(carriedOut(emulator)).toContain(operation)
  },
)

test('the table in docs/operations.md lists every operation, with what these tests prove', () => {
  const listed = rows.map(({ operation }) => operation)
  expect(listed.toSorted(), 'operations.ts has a row for each').toEqual(Object.keys(methods).toSorted())
  expect(writtenTable(), 'run npm run docs:operations').toBe(operationTable())
})
