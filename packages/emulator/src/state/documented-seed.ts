/**
 * The emulator's initial data: enough for every documented read request to get the documented response. The documents contradict
 * each other in three places: the device whose upload failed because another tenant has it is listed in a batch of this customer;
 * that batch is not in the list of the customer's batches; and the list of all customers has two with placeholder names, which
 * are omitted here, and none of those in the filtered list.
 */

import type { EmulatorSeed, SeedBatchDevice, SeedCustomer, SeedPolicy } from './seed.ts'

/** The IDs of the upload in Partner Center's own example, "Get the status of a device batch upload". */
export const documentedUpload: Readonly<{ customerId: string; batchTrackingId: string }> = Object.freeze({
  customerId: '47021739-3426-40bf-9601-61b4b6d7c793',
  batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
})

const { customerId } = documentedUpload

export const documentedSeed: EmulatorSeed = {
  customers: [
    customer('c5757d70-06f3-4f23-8367-5a9e55019f94', 'Contoso190', 'contoso190.onmicrosoft.com'),
    {
      ...customer('7b26b357-9ca3-48b8-a58e-4febe2662a5d', 'Contoso', 'ContosoCorpCo.onmicrosoft.com'),
      // The documentation shows no other domains of a customer; examples need one that is easy to remember.
      customDomains: ['ContosoCorpCo.onmicrosoft.com', 'contoso.onmicrosoft.com', 'contoso.com'],
    },
    customer('bfbd6ef0-311f-47ec-bbd7-0fcb7846661b', 'Contoso', 'contosocorpdemo.onmicrosoft.com'),
    {
      ...customer('eebd1b55-5360-4438-a11d-5c06918c3014', '1kl as kjk', 'abcdefgh1234.ccsctp.net'),
      commerceId: '99e6a635-48e7-424d-9059-c9db944e3c54',
      allowDelegatedAccess: true,
    },
    // The documentation does not name the customer of its device batches.
    customer(customerId, 'Fabrikam', 'fabrikam.onmicrosoft.com'),
  ],
  policies: [
    policy('8c7d25aa-2dbb-409c-a1f0-f55bd9108fa9', {
      name: 'Windows 10 Enterprise E3',
      description: 'P462017 description',
      policySettings: ['oobe_user_not_local_admin', 'skip_express_settings'],
      createdDate: '2017-04-27T11:30:34.1944704-07:00',
    }),
    policy('56edf752-ee77-4fd8-b7f5-df1f74a3a9ac', {
      name: 'Test policy',
      description: 'Test policy creation from API 1',
      policySettings: ['skip_express_settings'],
      createdDate: '2017-07-25T11:03:03.8457116-07:00',
      lastModifiedDate: '2017-07-25T11:04:00.8149974-07:00',
    }),
    policy('a96b5fd9-0f3a-419a-b55c-a8aecd6b1f00', {
      name: 'Windows 10 Enterprise E5',
      description: 'test policy creation from API',
      policySettings: ['oobe_user_not_local_admin', 'skip_express_settings'],
      createdDate: '2017-07-25T11:07:36.1501184-07:00',
    }),
  ],
  batches: [
    {
      customerId,
      batchId: 'Test batch',
      createdAt: '2017-07-25T01:51:00',
      // The documented list of batches counts five devices, but no page shows them.
      devices: [1, 2, 3, 4, 5].map((number) =>
        device(`4f0c1d6e-0000-4000-8000-00000000000${number}`, {
          serialNumber: `TESTBATCH-${number}`,
          modelName: 'HP Z420 Workstation',
          oemManufacturerName: 'Hewlett-Packard',
          uploadedDate: '2017-07-25T01:51:00.0000000+00:00',
        }),
      ),
    },
    {
      customerId,
      batchId: 'testbatch',
      createdAt: '2017-08-09T14:35:51-07:00',
      unlisted: true,
      devices: [
        device('7c141ea9-2816-4e15-a819-53f6856499ff', {
          serialNumber: '2R9-ZNP67',
          productKey: '00329-00000-0003-AA6069',
          modelName: 'Precision WorkStation T7500',
          oemManufacturerName: 'Dell Inc.',
          uploadedDate: '2017-08-09T14:43:26.0092288-07:00',
        }),
        device('e528a62f-5031-49f4-bea7-5fafe47388fd', {
          serialNumber: '1234567890',
          productKey: '12345-67890-09876-54321-13579',
          modelName: 'HP Z420 Workstation',
          oemManufacturerName: 'Hewlett-Packard',
          uploadedDate: '2017-08-09T14:35:51.3126144-07:00',
        }),
      ],
    },
  ],
  uploads: [
    {
      ...documentedUpload,
      batchId: 'Test batch',
      submittedAt: '2017-07-25T10:00:00',
      queuedMs: 0,
      processingMs: 600_000,
      devices: [
        {
          serialNumber: '1234567890',
          productKey: '12345-67890-09876-54321-13579',
          errorCode: '808',
        },
      ],
    },
  ],
  registeredDevices: [
    {
      customerId: '33333333-3333-4333-8333-333333333333',
      serialNumber: '1234567890',
      productKey: '12345-67890-09876-54321-13579',
    },
  ],
}

function customer(id: string, companyName: string, domain: string): SeedCustomer {
  return { customerId: id, companyName, domain }
}

function policy(id: string, properties: Omit<SeedPolicy, 'customerId' | 'id'>): SeedPolicy {
  return { customerId, id, ...properties }
}

/** Not registered elsewhere: the documentation's own requests upload some of these devices again. */
function device(id: string, properties: SeedBatchDevice): SeedBatchDevice {
  return { id, taken: false, ...properties }
}
