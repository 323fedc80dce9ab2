/** A working day of the client against the emulator: every operation, every page, and errors of each kind. */
import type { PartnerCenter } from '@devicebatch/client'
import { ApiError } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import type { Emulator } from '@devicebatch/emulator'
import { documentedUpload } from '@devicebatch/emulator'
import { expect } from 'vitest'

const newCustomerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'
const nowhere = '99999999-9999-4999-8999-999999999999'

/** Runs the whole scenario; only the scenario advances the emulator's clock. The client must not retry by itself. */
export async function runScenario(partner: PartnerCenter, emulator: Emulator): Promise<void> {
  await findCustomers(partner)
  await readWhatIsDocumented(partner)
  await registerDevices(partner, emulator)
  await manageDevices(partner, emulator)
  await meetErrors(partner, emulator)
}

async function findCustomers({ customers }: PartnerCenter): Promise<void> {
  const { customerId } = documentedUpload
  const named = await customers.list({ companyName: 'contoso' }).toArray()
  expect(named.map(({ companyProfile }) => companyProfile?.companyName)).toEqual([
    'Contoso190',
    'Contoso',
    'Contoso',
  ])
  expect(await customers.list({ domain: 'fabrikam' }).toArray()).toMatchObject([{ id: customerId }])
  expect((await customers.list().toArray()).length).toBeGreaterThan(named.length)
  expect(await customers.byId(customerId).get()).toMatchObject({ relationshipToPartner: 'reseller' })
  expect(await customers.relationshipRequest.get()).toMatchObject({ url: expect.stringMatching(/^https:/) })
}

async function readWhatIsDocumented(partner: PartnerCenter): Promise<void> {
  const customer = partner.customers.byId(documentedUpload.customerId)
  const upload = customer.batchUploadStatus.byId(documentedUpload.batchTrackingId)
  expect(await upload.get()).toMatchObject({ status: expect.stringMatching(/^finished/) })
  const [batch] = await customer.deviceBatches.list().toArray()
  expect(await customer.deviceBatches.byId(batch!.id).devices.list().toArray()).toHaveLength(5)
  expect(await customer.configurationPolicies.list().toArray()).toHaveLength(3)
}

async function registerDevices(partner: PartnerCenter, emulator: Emulator): Promise<void> {
  const { batchUploadStatus, deviceBatches } = partner.customers.byId(newCustomerId)
  const batchId = 'Spring laptops #2'
  const serials = Array.from({ length: 230 }, (_, index) => `5CG${index}`)
  const upload = await deviceBatches.create({
    batchId,
    devices: [
      ...['EMU808-1', 'EMU806-1', 'EMU802-1', 'EMU812-1', ...serials].map(laptop),
      { productKey: '00329-00000-0003-AA606' },
      { hardwareHash: 'T0hB'.repeat(1_000), serialNumber: '1R9-ZNP67' },
    ],
  })
  const words = await statusesOf(() => upload.get(), emulator)
  expect(words).toEqual(['queued', 'processing', expect.stringMatching(/^finished/)])
  // An upload that was just accepted is first polled after an interval, one that is created from its ID at once.
  const report = await batchUploadStatus.byId(upload.batchTrackingId).wait()
  expect(report.counts).toMatchObject({ total: 236, failed: 3, alreadyRegistered: 1 })

  const addition = await deviceBatches.byId(batchId).devices.add([laptop('5CG-late')])
  emulator.clock.advance(60_000)
  const added = await batchUploadStatus.byId(addition.batchTrackingId).wait()
  expect(added).toMatchObject({ outcome: 'succeeded' })
  expect(await deviceBatches.list().toArray()).toMatchObject([{ id: batchId }])
  expect((await deviceBatches.byId(batchId).devices.list().toArray()).length).toBeGreaterThan(200)
}

async function manageDevices(partner: PartnerCenter, emulator: Emulator): Promise<void> {
  const { batchUploadStatus, configurationPolicies, deviceBatches, devicePolicy } =
    partner.customers.byId(newCustomerId)
  const created = await configurationPolicies.create({
    name: 'Kiosk',
    category: 'o_o_b_e',
    description: 'For lobbies',
    policySettings: ['remove_oem_preinstalls', 'skip_eula'],
  })
  const policy = configurationPolicies.byId(created.id)
  const settings = { id: created.id, category: 'o_o_b_e', policySettings: ['skip_express_settings'] }
  await policy.update({ ...settings, name: 'Lobby' })
  expect(await policy.get()).toMatchObject({ name: 'Lobby', policySettings: ['skip_express_settings'] })

  const [batch] = await deviceBatches.list().toArray()
  const { devices } = deviceBatches.byId(batch!.id)
  const [first, second, third] = await devices.list().toArray()
  const policies = [{ key: 'o_o_b_e', value: created.id }]
  const { id } = first!
  await devices.byId(id).update({ ...first!, policies })
  const update = await devicePolicy.update([
    { id: second!.id, policies },
    { id: third!.id, policies },
  ])
  emulator.clock.advance(60_000)
  const updated = await batchUploadStatus.byId(update.batchTrackingId).wait()
  expect(updated).toMatchObject({ outcome: 'succeeded', counts: { total: 2 } })
  await devices.byId(id).update({ id, policies: [{ key: 'o_o_b_e', value: null }] })
  await devices.byId(third!.id).delete()
  await configurationPolicies.byId(created.id).delete()
}

/** Errors that the document describes; responses that violate it are not scripted here. */
async function meetErrors(partner: PartnerCenter, emulator: Emulator): Promise<void> {
  const { batchUploadStatus, configurationPolicies, deviceBatches } = partner.customers.byId(newCustomerId)
  const [batch] = await deviceBatches.list().toArray()
  const status = batchUploadStatus.byId(nowhere)
  await fails(404, () => status.get())
  await fails(404, () => partner.customers.byId(nowhere).get())
  await fails(404, () => configurationPolicies.byId(nowhere).get())
  await fails(404, () => deviceBatches.byId('No such batch').devices.list().toArray())
  await fails(404, () => deviceBatches.byId(batch!.id).devices.byId(nowhere).delete())
  await fails(409, () => deviceBatches.create({ batchId: batch!.id, devices: [laptop('5CG-again')] }))

  const answers = [
    { status: 400 },
    { status: 401, body: 'Authentication failed. MFA required. (10001)', type: 'text/plain' },
    { status: 403 },
    { status: 429 },
    { status: 500 },
    { status: 502, body: '<html><title>Bad Gateway</title></html>', type: 'text/html' },
    { status: 503, body: { statusCode: 503, message: 'Service unavailable' } },
  ]
  for (const { status: code, body, type } of answers) {
    const headers = type === undefined ? undefined : { 'Content-Type': type }
    const effect = { kind: 'answer', status: code, body, headers } as const
    // A rejected token is renewed and the call is retried.
    emulator.faults.add({ operation: 'getBatchUploadStatus', times: code === 401 ? 2 : 1, effect })
    await fails(code, () => status.get())
  }
  emulator.clock.advance(3_600_000)
  expect(await deviceBatches.list().toArray()).toHaveLength(1)
}

function laptop(serialNumber: string): NewDevice {
  return { serialNumber, oemManufacturerName: 'HP', modelName: 'EliteBook 840' }
}

/** The distinct status values while the emulator's clock advances. */
async function statusesOf(read: () => Promise<{ status: string }>, emulator: Emulator): Promise<string[]> {
  const words = new Set<string>()
  for (let seconds = 0; seconds <= 15; seconds += 1) {
    words.add((await read()).status)
    emulator.clock.advance(1_000)
  }
  return [...words]
}

async function fails(status: number, call: () => Promise<unknown>): Promise<void> {
  const error: unknown = await call().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({ status })
}
