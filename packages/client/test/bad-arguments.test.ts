/** Each bad argument of each operation is refused before any request, with a message that names it, shows the value, and says what to do. */
import type { BatchUpload, BatchUploadGroup, CustomerResource, PartnerCenter } from '@devicebatch/client'
import {
  devicesToRetry,
  findBatch,
  planUpload,
  pollOnce,
  pollWithin,
  summarize,
  uploadDevices,
  verifyDevices,
} from '@devicebatch/client'
import type { operations } from '@devicebatch/contract'
import { describe, expect, test } from 'vitest'

import { batchTrackingId, customerId, emulated, otherCustomerId, rejection } from './helpers.ts'

type ApiOperation = keyof operations

/** The mistake, how it is made, and the message. The argument is anything that an untyped program may pass. */
type Mistake = [
  what: string,
  call: (customer: CustomerResource, wrong: never, partner: PartnerCenter) => unknown,
  wrong: unknown,
  message: string,
]

const guid = (name: string, got: string): string =>
  `\`${name}\` must be a GUID such as 0127ed8e-ff72-4983-a3d8-e8d8bd378932; got ${got}.`
const pathText = (name: string, got: string): string =>
  `\`${name}\` must be a non-empty string other than "." and "..", without "/", "\\" or control characters; got ${got}.`
const unidentified =
  '`devices[0]` identifies no device: it needs hardwareHash, or productKey, or serialNumber with oemManufacturerName and modelName.'
const noDevices = '`devices` must contain at least one device.'
const laptop = { serialNumber: 'S', oemManufacturerName: 'HP', modelName: 'X' }
const policy = { name: 'A', category: 'o_o_b_e', policySettings: ['skip_eula'] }
const policyId = '56edf752-ee77-4fd8-b7f5-df1f74a3a9ac'
const settings =
  '`policy.policySettings` must be an array of words such as "skip_eula"; list every setting to turn on.'

const create: Mistake[1] = (customer, wrong) => customer.deviceBatches.create(wrong)
const add: Mistake[1] = (customer, wrong) => customer.deviceBatches.byId('B').devices.add(wrong)
const updateDevice: Mistake[1] = (customer, wrong) =>
  customer.deviceBatches.byId('B').devices.byId('d').update(wrong)
const assign: Mistake[1] = (customer, wrong) => customer.devicePolicy.update(wrong)
const createPolicy: Mistake[1] = (customer, wrong) => customer.configurationPolicies.create(wrong)
const updatePolicy: Mistake[1] = (customer, wrong) =>
  customer.configurationPolicies.byId(policyId).update(wrong)
const batch: Mistake[1] = (customer, wrong) => customer.deviceBatches.byId(wrong)
const device: Mistake[1] = (customer, wrong) => customer.deviceBatches.byId('B').devices.byId(wrong)
const onePolicy: Mistake[1] = (customer, wrong) => customer.configurationPolicies.byId(wrong)

const listCustomers: Mistake[1] = (_, wrong, partner) => partner.customers.list(wrong)
const beginning = (name: string, got: string): string =>
  `\`${name}\` must be a non-empty string; got ${got}. Leave it out to list all customers.`

const wrongPolicies = (call: Mistake[1], whole: object): Mistake[] => [
  ['no policy', call, null, '`policy` must have name, category and policySettings; got null.'],
  ['no name', call, { ...whole, name: '' }, '`policy.name` must be a non-empty string; got "".'],
  [
    'no category',
    call,
    { ...whole, category: undefined },
    '`policy.category` must be a non-empty string; got undefined.',
  ],
  ['no settings', call, { ...whole, policySettings: undefined }, settings],
]

const mistakes: Record<ApiOperation, Mistake[]> = {
  getBatchUploadStatus: [
    [
      'an invalid tracking ID',
      (customer, wrong) => customer.batchUploadStatus.byId(wrong),
      '42',
      guid('batchTrackingId', '"42"'),
    ],
    [
      "another customer's Location",
      (customer, wrong) => customer.batchUploadStatus.fromLocation(wrong),
      `/customers/${otherCustomerId}/batchJobStatus/${batchTrackingId}`,
      `\`location\` belongs to customer ${otherCustomerId}, not to ${customerId}. Use the one from the response to an upload for this customer.`,
    ],
  ],
  createDeviceBatch: [
    ['no name', create, { batchId: '', devices: [laptop] }, pathText('batchId', '""')],
    [
      'a name that would lead elsewhere',
      create,
      { batchId: 'a/b', devices: [laptop] },
      pathText('batchId', '"a/b"'),
    ],
    ['no request', create, undefined, pathText('batchId', 'undefined')],
    ['no devices', create, { batchId: 'B', devices: [] }, noDevices],
    [
      'a device that nothing identifies',
      create,
      { batchId: 'B', devices: [{ serialNumber: 'S' }] },
      unidentified,
    ],
    [
      'a member that is not text',
      create,
      { batchId: 'B', devices: [{ ...laptop, productKey: 5 }] },
      '`devices[0].productKey` must be text; got 5.',
    ],
    [
      'policies that are not an array',
      create,
      { batchId: 'B', devices: [{ ...laptop, policies: 'x' }] },
      '`devices[0].policies` must be an array; got "x".',
    ],
  ],
  addDevicesToBatch: [
    ['no devices', add, [], noDevices],
    ['no array', add, laptop, '`devices` must be an array of devices; got object.'],
    ['a device that nothing identifies', add, [{ modelName: 'X' }], unidentified],
    ['a batch that is none', batch, '..', pathText('batchId', '".."')],
  ],
  listDeviceBatches: [
    [
      'an invalid limit',
      (customer, wrong) => customer.deviceBatches.list({ timeoutMs: wrong }).toArray(),
      -1,
      '`timeoutMs` must be a positive number of milliseconds; got -1.',
    ],
  ],
  listDevices: [['a batch that is none', batch, 'a\\b', pathText('batchId', '"a\\\\b"')]],
  updateDevice: [
    [
      'no device',
      updateDevice,
      null,
      '`device` must be the complete device, because it replaces the stored one; got null.',
    ],
    [
      'another device',
      updateDevice,
      { id: 'e' },
      '`device.id` is "e", but you are replacing device "d". Pass the device with that ID.',
    ],
    ['an ID that is none', device, '.', pathText('deviceId', '"."')],
  ],
  deleteDevice: [['an ID that is none', device, '', pathText('deviceId', '""')]],
  updateDevicesWithPolicy: [
    ['no devices', assign, [], noDevices],
    [
      'a device without an ID',
      assign,
      [{ policies: [] }],
      '`devices[0].id` must be the `id` of a device in the list of devices; got undefined.',
    ],
    [
      'no policies',
      assign,
      [{ id: 'd', policies: [] }],
      '`devices[0].policies` must be an array with at least one { key, value }.',
    ],
    [
      'a policy without a category',
      assign,
      [{ id: 'd', policies: [{ value: policyId }] }],
      '`devices[0].policies[0].key` must be a category such as "o_o_b_e"; got undefined.',
    ],
    [
      'an invalid policy',
      assign,
      [{ id: 'd', policies: [{ key: 'o_o_b_e', value: 'Skip' }] }],
      guid('devices[0].policies[0].value', '"Skip"'),
    ],
  ],
  listPolicies: [
    [
      'an invalid limit',
      (customer, wrong) => customer.configurationPolicies.list({ timeoutMs: wrong }).toArray(),
      '1 s',
      '`timeoutMs` must be a positive number of milliseconds; got "1 s".',
    ],
  ],
  createPolicy: wrongPolicies(createPolicy, policy),
  getPolicy: [['an ID that is none', onePolicy, 'Skip', guid('policyId', '"Skip"')]],
  updatePolicy: [
    ...wrongPolicies(updatePolicy, { ...policy, id: policyId }),
    [
      'another policy',
      updatePolicy,
      { ...policy, id: customerId },
      `\`policy.id\` is "${customerId}", but you are replacing policy ${policyId}. Pass the policy with that ID.`,
    ],
    ['an ID that is none', onePolicy, undefined, guid('policyId', 'undefined')],
  ],
  deletePolicy: [['an ID that is none', onePolicy, null, guid('policyId', 'null')]],
  listCustomers: [
    ['an empty name', listCustomers, { companyName: '' }, beginning('companyName', '""')],
    ['a name that is not text', listCustomers, { companyName: null }, beginning('companyName', 'null')],
    ['an empty domain', listCustomers, { domain: '' }, beginning('domain', '""')],
    [
      'two filters',
      listCustomers,
      { companyName: 'Contoso', domain: 'contoso' },
      '`companyName` and `domain` cannot be combined: the service filters by one of them. Pass one, and check the other in the results.',
    ],
  ],
  getCustomer: [
    [
      'a domain in place of an ID',
      (_, wrong, partner) => partner.customers.byId(wrong).get(),
      'contoso.onmicrosoft.com',
      guid('customerId', '"contoso.onmicrosoft.com"'),
    ],
  ],
  getRelationshipRequest: [
    [
      'an invalid timeout',
      (_, wrong, partner) => partner.customers.relationshipRequest.get({ timeoutMs: wrong }),
      0,
      '`timeoutMs` must be a positive number of milliseconds; got 0.',
    ],
  ],
}

describe.each(Object.entries(mistakes))('%s', (_, list) => {
  test.each(list)('refuses %s', async (_what, call, wrong, message) => {
    const { customer, emulator, partner } = emulated()
    const error = await rejection(Promise.resolve().then(() => call(customer, wrong as never, partner)))
    expect(error).toMatchObject({ code: 'invalid-argument', message })
    expect(emulator.requests).toEqual([])
  })

  test('says something different for each', () => {
    expect(new Set(list.map(([, , , message]) => message)).size).toBe(list.length)
  })
})

const names = (list: string): string =>
  list
    .split(' ')
    .map((name) => `\`${name}\``)
    .join(', ')
const callNames = 'signal timeoutMs retry requestId correlationId onAccepted'
const schedule = 'initialIntervalMs maxIntervalMs maxFailures'
const requestNames =
  'batchId devices chunkSize maxChunkBytes settleTimeoutMs resume onBeforeSubmit onSubmitted'
const oneUpload = (customer: CustomerResource): BatchUpload =>
  customer.batchUploadStatus.byId(batchTrackingId)
const wholeRequest = { batchId: 'B', devices: [laptop] }
const read = async (list: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of list) expect.fail('nothing may be read')
}

/** What takes options, the names of those, and a call with some. */
const optionTakers: [
  string,
  string,
  (customer: CustomerResource, wrong: never, partner: PartnerCenter) => unknown,
][] = [
  ['a call', callNames, (customer, wrong) => customer.deviceBatches.create(wholeRequest, wrong)],
  ['a list', callNames, (customer, wrong) => customer.deviceBatches.list(wrong).toArray()],
  ['a status', callNames, (customer, wrong) => oneUpload(customer).get(wrong)],
  [
    'the list of customers',
    `companyName domain ${callNames}`,
    (_, wrong, { customers }) => customers.list(wrong).toArray(),
  ],
  ['wait()', `signal timeoutMs ${schedule}`, (customer, wrong) => oneUpload(customer).wait(wrong)],
  ['watch()', `signal timeoutMs ${schedule}`, (customer, wrong) => read(oneUpload(customer).watch(wrong))],
  [
    'pollOnce()',
    `now signal ${schedule}`,
    (customer, wrong) => pollOnce(oneUpload(customer), undefined, { now: 0, ...(wrong as object) }),
  ],
  [
    'pollWithin()',
    `maxPolls maxTimeMs signal ${schedule}`,
    (customer, wrong) => pollWithin(oneUpload(customer), undefined, wrong),
  ],
  ['findBatch()', callNames, (customer, wrong) => findBatch(customer, 'B', wrong)],
  [
    'verifyDevices()',
    callNames,
    (customer, wrong) =>
      verifyDevices(customer, 'B', summarize({ batchTrackingId, status: 'finished' }), wrong),
  ],
  ['uploadDevices()', callNames, (customer, wrong) => uploadDevices(customer, wholeRequest, wrong)],
  [
    'the request of uploadDevices()',
    requestNames,
    (customer, wrong) => uploadDevices(customer, { ...wholeRequest, ...(wrong as object) }),
  ],
  ['planUpload()', 'signal', (_, wrong) => planUpload({ customerId, ...wholeRequest }, wrong)],
  [
    'the request of planUpload()',
    `customerId ${requestNames}`,
    (_, wrong) => planUpload({ customerId, ...wholeRequest, ...(wrong as object) }),
  ],
]

test.each(optionTakers)(
  '%s refuses an unknown option, with a list of the options',
  async (_what, known, call) => {
    const { customer, emulator, partner } = emulated()
    const wrong = { timeout: 1_000 }
    const error = await rejection(Promise.resolve().then(() => call(customer, wrong as never, partner)))
    expect(error).toMatchObject({
      code: 'invalid-argument',
      message: `\`timeout\` is not an option. The options are ${names(known)}.`,
    })
    expect(emulator.requests).toEqual([])
  },
)

const takesOnlyOptions = ([what]: (typeof optionTakers)[number]): boolean =>
  !/^the request|^pollOnce/.test(what)

test.each(optionTakers.filter(takesOnlyOptions))(
  '%s refuses a bare number or text in place of its options, with a list of the options',
  async (_what, known, call) => {
    const { customer, emulator, partner } = emulated()
    for (const wrong of [5_000, 'contoso']) {
      const error = await rejection(Promise.resolve().then(() => call(customer, wrong as never, partner)))
      expect(error).toMatchObject({
        code: 'invalid-argument',
        message: `Options must be an object; got a ${typeof wrong}. The options are ${names(known)}.`,
      })
    }
    expect(emulator.requests).toEqual([])
  },
)

const noSignal = {
  code: 'invalid-argument',
  message: '`signal` must be an AbortSignal; got object. Pass `controller.signal`, not the controller.',
}

test.each([
  ...optionTakers.filter(([, known]) => known.split(' ').includes('signal')),
  [
    'a page of a list',
    callNames,
    (customer: CustomerResource, wrong: never) => read(customer.deviceBatches.list(wrong).pages()),
  ] as const,
])('%s refuses an AbortController in place of its signal', async (_what, _known, call) => {
  const { customer, emulator, partner } = emulated()
  const wrong = { signal: new AbortController() }
  const error = await rejection(Promise.resolve().then(() => call(customer, wrong as never, partner)))
  expect(error).toMatchObject(noSignal)
  expect(emulator.requests).toEqual([])
})

test.each<[string, (group: BatchUploadGroup | BatchUpload, wrong: never) => unknown]>([
  ['wait()', (upload, wrong) => upload.wait(wrong)],
  ['watch()', (upload, wrong) => read(upload.watch(wrong))],
])('%s of what was just submitted refuses an AbortController in place of its signal', async (_, call) => {
  const { customer } = emulated()
  for (const upload of [
    await customer.deviceBatches.create(wholeRequest),
    await uploadDevices(customer, wholeRequest),
  ]) {
    const error = await rejection(
      Promise.resolve().then(() => call(upload, { signal: new AbortController() } as never)),
    )
    expect(error).toMatchObject(noSignal)
  }
})

test.each<[string, (group: BatchUploadGroup, wrong: never) => unknown]>([
  ['wait()', (group, wrong) => group.wait(wrong)],
  ['watch()', (group, wrong) => read(group.watch(wrong))],
])('%s of a group refuses an unknown option, and a bare number in place of its options', async (_, call) => {
  const { customer } = emulated()
  const group = await uploadDevices(customer, wholeRequest)
  const refusal = async (wrong: unknown) =>
    rejection(Promise.resolve().then(() => call(group, wrong as never)))
  const options = `The options are ${names(`signal timeoutMs ${schedule}`)}.`
  expect(await refusal({ timeout: 1 })).toMatchObject({
    code: 'invalid-argument',
    message: `\`timeout\` is not an option. ${options}`,
  })
  expect(await refusal(5_000)).toMatchObject({
    code: 'invalid-argument',
    message: `Options must be an object; got a number. ${options}`,
  })
})

test('a signal in the request of uploadDevices(), where it would be ignored, is refused', async () => {
  const { customer, emulator } = emulated()
  const request = { ...wholeRequest, signal: AbortSignal.abort() }
  expect(await rejection(uploadDevices(customer, request))).toMatchObject({ code: 'invalid-argument' })
  expect(emulator.requests).toEqual([])
})

test('options that are undefined do not count', async () => {
  const { customer } = emulated()
  expect(await customer.deviceBatches.list({ timeout: undefined } as never).toArray()).toHaveLength(1)
})

test('findBatch() refuses the name of a batch that is not set', async () => {
  const { customer, emulator } = emulated()
  expect(await rejection(findBatch(customer, undefined as never))).toMatchObject({
    code: 'invalid-argument',
    message: pathText('batchId', 'undefined'),
  })
  expect(emulator.requests).toEqual([])
})

test('pollOnce() without options says which are needed', async () => {
  const { customer } = emulated()
  expect(await rejection(pollOnce(oneUpload(customer), undefined, undefined as never))).toMatchObject({
    code: 'invalid-argument',
    message: '`now` must be a time in milliseconds since 1970, such as Date.now(); got undefined.',
  })
})

test.each([
  ['in the wrong order', [[laptop], summarize({ batchTrackingId, status: 'finished' })]],
  ['of which the report is a promise', [Promise.resolve(), [laptop]]],
  ['of which one is missing', [summarize({ batchTrackingId, status: 'finished' })]],
])('devicesToRetry() refuses arguments %s', (_, wrong) => {
  expect(() => devicesToRetry(...(wrong as unknown as Parameters<typeof devicesToRetry>))).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message:
        'devicesToRetry() takes a report, which `wait()` resolves with, and the devices that you passed.',
    }),
  )
})

test.each([
  [{ chunkSize: 0 }, '`chunkSize` must be an integer of at least 1; got 0.'],
  [{ maxChunkBytes: 1.5 }, '`maxChunkBytes` must be an integer of at least 1; got 1.5.'],
  [{ devices: 'S1' }, '`devices` must be an array or another iterable of devices; got "S1".'],
  [{ devices: [] }, '`devices` must contain at least one device.'],
  [{ onSubmitted: 'log' }, '`onSubmitted` must be a function; got "log".'],
  [{ resume: {} }, "`resume` must be what a group's toJSON() gave, of version 1; got object."],
])('uploadDevices refuses %j', async (wrong, message) => {
  const { customer, emulator } = emulated()
  const request = { batchId: 'B', devices: [laptop], ...wrong }
  expect(await rejection(uploadDevices(customer, request as never))).toMatchObject({
    code: 'invalid-argument',
    message,
  })
  expect(emulator.requests).toEqual([])
})
