/** What the schemas let through and what they refuse, where that is a rule of the service. */
import { describe, expect, test } from 'vitest'

import { document, problemsOf, readItems, readJson, readObject, schema, walk } from './document.ts'

describe('a point in time', () => {
  test.each([
    ['without a zone', '2017-07-25T10:00:00'],
    ['in UTC', '2017-07-25T10:00:00Z'],
    ['with an offset', '2017-07-25T10:00:00-07:00'],
    ['with one digit of fraction', '2017-07-25T10:00:00.1'],
    ['with seven digits of fraction and an offset', '2017-08-09T14:43:26.0092288-07:00'],
    ['with seven digits of fraction and no zone', '2020-01-30T09:10:33.2417951'],
    ['not come yet', '0001-01-01T00:00:00'],
    ['not come yet, in UTC', '0001-01-01T00:00:00Z'],
  ])('may be %s: %s', (_, value) => {
    expect(problemsOf(value, schema('Timestamp'))).toEqual([])
  })

  test.each([
    ['a date alone', '2017-07-25'],
    ['separated by a space', '2017-07-25 10:00:00'],
    ['without seconds', '2017-07-25T10:00'],
    ['with eight digits of fraction', '2017-07-25T10:00:00.12345678'],
    ['with a point and no fraction', '2017-07-25T10:00:00.'],
    ['in month 13', '2017-13-25T10:00:00'],
    ['on day 32', '2017-07-32T10:00:00'],
    ['at 24 hours', '2017-07-25T24:00:00'],
    ['with an offset that has no colon', '2017-07-25T10:00:00-0700'],
    ['in two zones', '2017-07-25T10:00:00Z+01:00'],
    ['an HTTP date', 'Tue, 25 Jul 2017 17:52:41 GMT'],
    ['empty', ''],
    ['a number', 1_500_976_800],
  ])('is not %s: %s', (_, value) => {
    expect(problemsOf(value, schema('Timestamp'))).not.toEqual([])
  })

  test('is never called a date-time, which would refuse one without a zone', () => {
    expect([...walk()].filter(({ node }) => node.format === 'date-time')).toEqual([])
  })
})

describe('a new device', () => {
  const all = {
    hardwareHash: 'DummyHash123',
    productKey: '00329-00000-0003-AA606',
    serialNumber: '1R9-ZNP67',
    oemManufacturerName: 'Dell Inc.',
    modelName: 'Precision WorkStation T7500',
  }
  type Property = keyof typeof all
  const pick = (names: Property[]): object => Object.fromEntries(names.map((name) => [name, all[name]]))

  test.each<{ names: Property[] }>([
    { names: ['hardwareHash', 'productKey'] },
    { names: ['hardwareHash', 'serialNumber'] },
    { names: ['hardwareHash', 'productKey', 'serialNumber'] },
    { names: ['hardwareHash'] },
    { names: ['productKey'] },
    { names: ['serialNumber', 'oemManufacturerName', 'modelName'] },
  ])('may be identified by $names', ({ names }) => {
    expect(problemsOf(pick(names), schema('NewDevice'))).toEqual([])
  })

  test.each<{ names: Property[] }>([
    { names: [] },
    { names: ['serialNumber'] },
    { names: ['oemManufacturerName', 'modelName'] },
    { names: ['serialNumber', 'modelName'] },
    { names: ['serialNumber', 'oemManufacturerName'] },
  ])('is not identified by $names alone', ({ names }) => {
    expect(problemsOf(pick(names), schema('NewDevice'))).not.toEqual([])
  })

  test.each<{ device: object }>([
    { device: { hardwareHash: null } },
    { device: { hardwareHash: '' } },
    { device: { productKey: '' } },
    { device: { ...pick(['serialNumber', 'oemManufacturerName']), modelName: null } },
    { device: { ...pick(['serialNumber', 'oemManufacturerName']), modelName: '' } },
  ])('is not identified by what is null or empty: $device', ({ device }) => {
    expect(problemsOf(device, schema('NewDevice'))).not.toEqual([])
  })

  test('may have null for what it does not need', () => {
    const nulls = { serialNumber: null, oemManufacturerName: null, modelName: null, policies: null }
    expect(
      problemsOf({ ...nulls, productKey: null, hardwareHash: 'DummyHash123' }, schema('NewDevice')),
    ).toEqual([])
  })

  test('is refused when creating or adding if nothing identifies it', () => {
    const devices = [{ serialNumber: '1R9-ZNP67' }]
    const addition =
      '/paths/~1customers~1{customerId}~1deviceBatches~1{batchId}~1devices/post/requestBody/content/application~1json/schema'
    expect(problemsOf({ batchId: 'Test', devices }, schema('DeviceBatchCreationRequest'))).not.toEqual([])
    expect(problemsOf(devices, addition)).not.toEqual([])
  })
})

describe('values from the service', () => {
  const worded = Object.entries(document.components.schemas).filter(([, node]) => 'x-extensible-enum' in node)

  test.each(worded)('of %s are open', (name) => {
    expect(problemsOf('a_word_of_tomorrow', schema(name))).toEqual([])
  })

  test('are never closed sets', () => {
    expect([...walk()].filter(({ node }) => 'enum' in node || 'const' in node)).toEqual([])
  })
})

describe('an answer', () => {
  const details = readObject('examples/get-batch-upload-status.response.json')

  test('may have undocumented properties', () => {
    expect(problemsOf({ ...details, tomorrow: 1 }, schema('BatchUploadDetails'))).toEqual([])
    expect([...walk()].filter(({ node }) => node.additionalProperties === false)).toEqual([])
  })

  test.each([undefined, null, []])('of a queued batch may have %j for its devices', (devicesStatus) => {
    const { devicesStatus: _, ...rest } = details
    const queued = devicesStatus === undefined ? rest : { ...rest, devicesStatus }
    expect(problemsOf({ ...queued, status: 'queued' }, schema('BatchUploadDetails'))).toEqual([])
  })

  test('that is an error is not mistaken for the status of a batch', () => {
    const fault = readJson('examples/error.apifault.404.response.json')
    expect(problemsOf(fault, schema('BatchUploadDetails'))).not.toEqual([])
  })

  test('does not list devices as a bare array', () => {
    expect(problemsOf([], schema('DeviceCollection'))).not.toEqual([])
  })
})

describe('the filter of a list of customers', () => {
  test.each(['CompanyName', 'Domain'])('is JSON in text, by %s', (field) => {
    const filter = JSON.stringify({ Field: field, Value: 'cont', Operator: 'starts_with' })
    expect(problemsOf(filter, '/components/parameters/CustomerFilter/schema')).toEqual([])
  })

  test('is what the link of the documented page has', () => {
    const page = readObject('examples/list-customers.filtered.response.json')
    const { self } = page['links'] as { self: { uri: string } }
    const filter = new URLSearchParams(self.uri.split('?')[1]).get('filter')
    expect(document.components.parameters['CustomerFilter']?.examples).toMatchObject({
      documented: { value: filter },
    })
  })
})

test('every list gives its items a schema object: some generators cannot read `true`', () => {
  const lists = [...walk()].filter(({ node }) => 'items' in node && typeof node.items !== 'object')
  expect(lists.map(({ pointer }) => pointer)).toEqual([])
})

test('the data of a fault may be anything', () => {
  const fault = { code: 2000, description: 'Tenant Id must be a GUID.' }
  expect(problemsOf({ ...fault, data: ['text', 1, null, { key: 'value' }] }, schema('ApiFault'))).toEqual([])
  expect(problemsOf({ ...fault, data: 'text' }, schema('ApiFault'))).not.toEqual([])
})

test('a device does not go back without its ID', () => {
  expect(problemsOf({ serialNumber: '1R9-ZNP67' }, schema('DeviceUpdate'))).not.toEqual([])
  expect(problemsOf({ id: null, serialNumber: '1R9-ZNP67' }, schema('DeviceUpdate'))).not.toEqual([])
})

test('a device goes back as it was read once its policies are ids', () => {
  const [device] = readItems('examples/list-devices.response.json')
  const policies = [{ key: 'o_o_b_e', value: '15a04610-9229-4e80-94e0-0e826a09c9e2' }]
  expect(problemsOf({ ...device, policies }, schema('DeviceUpdate'))).toEqual([])
})
