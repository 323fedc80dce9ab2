/** Every operation through the fluent surface of client: type-checked, never run. */
import { createPartnerCenter } from '@devicebatch/client'
import type { BatchUploadReport } from '@devicebatch/client'

export async function useAll(token: string): Promise<BatchUploadReport[]> {
  const partner = createPartnerCenter({ credential: () => token })
  const customer = partner.customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
  for await (const { id, companyProfile } of partner.customers.list({ companyName: 'Contoso' }))
    console.log(id, companyProfile?.domain)
  const { relationshipToPartner } = await customer.get()
  const { url } = await partner.customers.relationshipRequest.get()
  console.log(relationshipToPartner, url)

  const policies = customer.configurationPolicies
  const policy = await policies.create({
    name: 'Front desk',
    category: 'o_o_b_e',
    policySettings: ['skip_eula'],
  })
  const { id, policySettings = [] } = await policies.byId(policy.id).get()
  await policies.byId(id).update({ id, name: 'Front desk 2', category: 'o_o_b_e', policySettings })
  for await (const { id, name } of policies.list()) console.log(id, name)

  const batch = customer.deviceBatches.byId('Front desk')
  const created = await customer.deviceBatches.create({
    batchId: 'Front desk',
    devices: [{ serialNumber: '1R9-ZNP67', oemManufacturerName: 'Contoso', modelName: 'Tablet 3' }],
  })
  const added = await batch.devices.add([{ hardwareHash: 'T0FE' }])
  for await (const { id, devicesCount } of customer.deviceBatches.list()) console.log(id, devicesCount)
  const [device] = await batch.devices.list().toArray()
  await batch.devices
    .byId(device!.id)
    .update({ id: device!.id, policies: [{ key: 'o_o_b_e', value: policy.id }] })
  const updated = await customer.devicePolicy.update([
    { id: device!.id, policies: [{ key: 'o_o_b_e', value: policy.id }] },
  ])
  await batch.devices.byId(device!.id).delete()
  await policies.byId(policy.id).delete()

  const { status, devicesStatus } = await created.get()
  console.log(status, devicesStatus?.[0]?.errorCode)
  return Promise.all([created.wait(), added.wait(), updated.wait()])
}
