/** Valid and broken requests, for property tests. */

import { documentedUpload } from '@devicebatch/emulator'
import * as fc from 'fast-check'

import { customerId, laptop } from './caller.ts'

const policyId = '56edf752-ee77-4fd8-b7f5-df1f74a3a9ac'

/** Text that a client might send by mistake or maliciously. */
const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    ' ',
    '.',
    '..',
    '%',
    '%ff',
    '__proto__',
    'constructor',
    '\u0000',
    '\uD800',
    'ä'.repeat(300),
  ),
)

/** Mostly existing values, sometimes anything. */
export const mostly = <T>(...values: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, oddText)

export const customers = mostly(documentedUpload.customerId, customerId, customerId.toUpperCase())
export const batches = mostly('Test batch', 'testbatch', 'B', 'EMUSTUCK-1')
const devices = mostly('e528a62f-5031-49f4-bea7-5fafe47388fd', '7c141ea9-2816-4e15-a819-53f6856499ff')
const policies = mostly(policyId, 'a96b5fd9-0f3a-419a-b55c-a8aecd6b1f00', customerId)

const paths = fc.oneof(
  ...[
    fc.tuple(fc.constant('batchJobStatus'), mostly(documentedUpload.batchTrackingId, customerId)),
    fc.tuple(fc.constantFrom('deviceBatches', 'DevicePolicyUpdates', 'policies', 'devicebatches', 'nothing')),
    fc.tuple(fc.constant('deviceBatches'), batches, fc.constantFrom('devices', 'DEVICES', 'x')),
    fc.tuple(fc.constant('deviceBatches'), batches, fc.constant('devices'), devices),
    fc.tuple(fc.constant('policies'), policies),
    fc.array(oddText, { maxLength: 6 }),
  ].map((rest) =>
    fc.tuple(customers, rest).map(([customer, segments]) => {
      const path = ['v1', 'customers', customer, ...segments].map((text) =>
        encodeURIComponent(wellFormed(text)),
      )
      return `/${path.join('/')}`
    }),
  ),
  oddText.map((text) => `/${encodeURI(wellFormed(text))}`),
)

function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '')
}

const policyAssignment = fc.record(
  { key: mostly<unknown>('o_o_b_e', 'OOBE', 1, null), value: mostly<unknown>(policyId, null, 'Test policy') },
  { requiredKeys: [] },
)
const device = fc.record(
  {
    id: mostly<unknown>('e528a62f-5031-49f4-bea7-5fafe47388fd', null),
    serialNumber: mostly<unknown>('SN1', 'SN2', '1234567890', 'EMU808-1', 'EMUNEWWORD-1', null, 5),
    productKey: mostly<unknown>('K1', null, undefined),
    hardwareHash: mostly<unknown>('T0hB', null),
    oemManufacturerName: mostly<unknown>('Contoso', null),
    modelName: mostly<unknown>('Notebook 14', null),
    policies: fc.oneof(fc.array(policyAssignment, { maxLength: 3 }), fc.constant(null), fc.jsonValue()),
  },
  { requiredKeys: [] },
)
export const deviceList = fc.oneof(
  { weight: 3, arbitrary: fc.array(device, { maxLength: 4 }) },
  fc.jsonValue(),
)
const policy = fc.record(
  {
    id: mostly<unknown>(policyId, null),
    name: mostly<unknown>('Kiosk', null, 5),
    category: mostly<unknown>('o_o_b_e', 'none', 'OOBE', 1, null),
    description: mostly<unknown>('For lobbies', null),
    policySettings: fc.oneof(
      fc.array(mostly<unknown>('skip_eula', 'SkipEula', 16, null), { maxLength: 3 }),
      fc.jsonValue(),
    ),
  },
  { requiredKeys: [] },
)
const bodies = fc.oneof(
  fc
    .record({ batchId: mostly<unknown>('B', 'C', null), devices: deviceList }, { requiredKeys: [] })
    .map(toJson),
  deviceList.map(toJson),
  device.map(toJson),
  policy.map(toJson),
  fc.json(),
  oddText,
  fc.constant('['.repeat(50_000)),
  fc.constant(undefined),
)

function toJson(value: unknown): string | undefined {
  return JSON.stringify(value)
}

export const headerText = fc.string({ unit: 'grapheme-ascii', maxLength: 30 })
const headers = fc.record(
  {
    Authorization: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, headerText),
    'MS-RequestId': fc.oneof(fc.uuid(), fc.constant(customerId), headerText),
    'MS-CorrelationId': fc.oneof(fc.uuid(), headerText),
    'MS-ContinuationToken': fc.oneof(
      fc.constant('devices-2,0/1='),
      fc.constant(`${documentedUpload.customerId},${btoa('[1]')}/=`),
      headerText,
    ),
    'X-Locale': headerText,
    'If-Match': headerText,
    ValidateMfa: mostly('true', 'false').map((text) => text.replaceAll(/[^ -~]/g, '')),
    'Content-Type': mostly('application/json', 'text/xml').map((text) => text.replaceAll(/[^ -~]/g, '')),
  },
  { requiredKeys: [] },
)

const documented = `/v1/customers/${documentedUpload.customerId}`
const documentedDevice = 'deviceBatches/testbatch/devices/e528a62f-5031-49f4-bea7-5fafe47388fd'
const validPolicy = { id: policyId, name: 'Kiosk', category: 'o_o_b_e', policySettings: ['skip_eula'] }
const validAssignment = { policies: [{ key: 'o_o_b_e', value: policyId }] }

interface Target {
  method: string
  path: string
  body?: unknown
}

/** A valid request for each operation; the IDs come from the documentation. */
const targets: readonly Target[] = [
  { method: 'GET', path: `batchJobStatus/${documentedUpload.batchTrackingId}` },
  { method: 'GET', path: 'deviceBatches' },
  { method: 'POST', path: 'deviceBatches', body: { batchId: 'New', devices: [laptop('SN1')] } },
  { method: 'GET', path: 'deviceBatches/testbatch/devices' },
  { method: 'POST', path: 'deviceBatches/testbatch/devices', body: [laptop('SN2')] },
  { method: 'PUT', path: documentedDevice, body: { ...laptop('SN3'), ...validAssignment } },
  { method: 'DELETE', path: documentedDevice },
  {
    method: 'PATCH',
    path: 'DevicePolicyUpdates',
    body: { devices: [{ id: 'e528a62f-5031-49f4-bea7-5fafe47388fd', ...validAssignment }] },
  },
  { method: 'GET', path: 'policies' },
  { method: 'POST', path: 'policies', body: validPolicy },
  { method: 'GET', path: `policies/${policyId}` },
  { method: 'PUT', path: `policies/${policyId}`, body: validPolicy },
  { method: 'DELETE', path: `policies/${policyId}` },
]

/** The same for the operations outside a customer. */
const neighbors: readonly Target[] = [
  { method: 'GET', path: '/v1/customers' },
  { method: 'GET', path: '/v1/customers?size=2' },
  { method: 'GET', path: '/v1/customers/relationshipRequests' },
  { method: 'GET', path: documented },
]

const methods = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'QUERY')

/** Valid requests, and requests with one part replaced by anything. */
const aimed = fc
  .tuple(
    fc.constantFrom(
      ...targets.map((target) => ({ ...target, path: `${documented}/${target.path}` })),
      ...neighbors,
    ),
    fc.constantFrom('', '', 'method', 'path', 'body'),
    methods,
    paths,
    bodies,
  )
  .map(([target, broken, method, path, body]) => ({
    method: broken === 'method' ? method : target.method,
    path: broken === 'path' ? path : target.path,
    body: broken === 'body' ? body : toJson(target.body),
  }))

export const calls = fc.record({
  request: fc.oneof(aimed, fc.record({ method: methods, path: paths, body: bodies })),
  query: fc.oneof(
    { weight: 5, arbitrary: fc.constant('') },
    fc.webQueryParameters().map((text) => `?${text}`),
  ),
  headers: fc.oneof(fc.constant({}), headers),
  advanceMs: fc.constantFrom(0, 0, 0, 700, 20_000),
})
