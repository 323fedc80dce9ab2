import { describe, expect, test, vi } from 'vitest'

import type { Answer } from '../helpers.ts'
import {
  batchTrackingId,
  customerId,
  json,
  location,
  origin,
  otherCustomerId,
  partnerOn,
  rejection,
  text,
  thrown,
} from '../helpers.ts'

const accepted = (more: Record<string, string> = {}): Answer =>
  text(202, null, { Location: location, ...more })
const triple = { serialNumber: '1R9-ZNP67', oemManufacturerName: 'Contoso', modelName: 'Tablet 3' }

function batches(answers: Answer | Answer[] = accepted()) {
  const { partner, sent, events } = partnerOn(answers)
  return { batches: partner.customers.byId(customerId).deviceBatches, sent, events }
}

describe('creating a device batch', () => {
  test('sends one POST with the name and the devices, and returns the upload', async () => {
    const { batches: own, sent } = batches()
    const upload = await own.create({ batchId: 'Front desk', devices: [triple] })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      method: 'POST',
      url: `${origin}/v1/customers/${customerId}/deviceBatches`,
      body: { batchId: 'Front desk', devices: [triple] },
    })
    expect(sent[0]!.headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' })
    expect(JSON.parse(JSON.stringify(upload))).toEqual({ customerId, batchTrackingId })
  })

  test("sends a device's identifiers and policies, and nothing empty", async () => {
    const { batches: own, sent } = batches()
    const more = {
      ...triple,
      productKey: '',
      hardwareHash: null,
      policies: [],
      uploadedDate: '0001-01-01T00:00:00',
      id: 'x',
      attributes: { objectType: 'Device' },
      row: 5,
    }
    const policies = [{ key: 'o_o_b_e', value: otherCustomerId }]
    await own.create({
      batchId: 'B',
      devices: [more, { hardwareHash: 'AAAA', policies }, { productKey: 'K', serialNumber: 'S' }],
      attributes: {},
    })
    expect(sent[0]!.body).toEqual({
      batchId: 'B',
      devices: [triple, { hardwareHash: 'AAAA', policies }, { serialNumber: 'S', productKey: 'K' }],
    })
  })

  test('does not modify its input', async () => {
    const devices = [Object.freeze({ ...triple, productKey: '' })]
    await batches().batches.create({ batchId: 'B', devices: Object.freeze(devices) as never })
    expect(devices).toEqual([{ ...triple, productKey: '' }])
  })

  test('accepts IDs and timeouts for one call', async () => {
    const { batches: own, sent } = batches([text(503, null), accepted()])
    const requestId = '66666666-2222-4333-8444-555555555555'
    expect(
      await rejection(own.create({ batchId: 'B', devices: [triple] }, { requestId, retry: false })),
    ).toMatchObject({ code: 'api', status: 503, requestId, isAmbiguous: true })
    expect(sent).toHaveLength(1)
  })
})

describe('a batch that is wrong is refused before anything is sent', () => {
  const identifies =
    'identifies no device: it needs hardwareHash, or productKey, or serialNumber with oemManufacturerName and modelName.'

  test.each<[unknown, string]>([
    [undefined, '`batchId` must be a non-empty string'],
    [null, '`batchId` must be a non-empty string'],
    [{}, '`batchId` must be a non-empty string'],
    [
      { batchId: '', devices: [triple] },
      '`batchId` must be a non-empty string other than "." and "..", without "/", "\\" or control characters; got "".',
    ],
    [{ batchId: '..', devices: [triple] }, 'got "..".'],
    [{ batchId: 'a/b', devices: [triple] }, 'got "a/b".'],
    [{ batchId: 'a\nb', devices: [triple] }, 'got "a\\nb".'],
    [{ batchId: 5, devices: [triple] }, 'got 5.'],
    [{ batchId: 'B' }, '`devices` must be an array of devices; got undefined.'],
    [{ batchId: 'B', devices: [] }, '`devices` must contain at least one device.'],
    [{ batchId: 'B', devices: triple }, '`devices` must be an array of devices; got object.'],
    [{ batchId: 'B', devices: [triple, {}] }, `\`devices[1]\` ${identifies}`],
    [{ batchId: 'B', devices: [null] }, `\`devices[0]\` ${identifies}`],
    [{ batchId: 'B', devices: ['serial'] }, `\`devices[0]\` ${identifies}`],
    [{ batchId: 'B', devices: [[]] }, `\`devices[0]\` ${identifies}`],
    [{ batchId: 'B', devices: Array(2) }, `\`devices[0]\` ${identifies}`],
    [{ batchId: 'B', devices: [{ serialNumber: 'S' }] }, `\`devices[0]\` ${identifies}`],
    [{ batchId: 'B', devices: [{ serialNumber: 'S', modelName: 'M' }] }, `\`devices[0]\` ${identifies}`],
    [{ batchId: 'B', devices: [{ ...triple, modelName: '' }] }, `\`devices[0]\` ${identifies}`],
    [{ batchId: 'B', devices: [{ hardwareHash: ' ' }] }, `\`devices[0]\` ${identifies}`],
    [
      { batchId: 'B', devices: [{ ...triple, serialNumber: 12345 }] },
      '`devices[0].serialNumber` must be text; got 12345.',
    ],
    [
      { batchId: 'B', devices: [{ productKey: 'K', hardwareHash: {} }] },
      '`devices[0].hardwareHash` must be text; got object.',
    ],
    [
      { batchId: 'B', devices: [{ productKey: 'K', policies: 'P' }] },
      '`devices[0].policies` must be an array; got "P".',
    ],
  ])('%j', async (request, message) => {
    const { batches: own, sent, events } = batches()
    const error = await rejection(own.create(request as never))
    expect(error).toMatchObject({ code: 'invalid-argument', isAmbiguous: false })
    expect(error.message).toContain(message)
    expect(sent).toEqual([])
    expect(events).toEqual([])
  })

  test('never repeats a hash, a serial or a key', async () => {
    const error = await rejection(
      batches().batches.create({
        batchId: 'B',
        devices: [{ serialNumber: 'hush', productKey: '', hardwareHash: '' }] as never,
      }),
    )
    expect(error.message).not.toContain('hush')
  })

  test('and so is a customer ID that is not a GUID', () => {
    const { partner } = partnerOn(accepted())
    for (const id of ['', 'x', `${customerId}/..`, undefined, null]) {
      expect(thrown(() => partner.customers.byId(id as string))).toMatchObject({
        code: 'invalid-argument',
        message: expect.stringMatching(/^`customerId` must be a GUID/),
      })
    }
  })
})

describe('the upload that was accepted', () => {
  test.each<[string, Answer]>([
    ['in a Location as the service sends it', accepted()],
    ['in a Location with /v1', accepted({ Location: `/v1${location}` })],
    ['in an absolute Location', accepted({ Location: `${origin}/v1${location}` })],
    [
      'in a Location of other case',
      accepted({
        Location: location
          .replace('batchJobStatus', 'BATCHJOBSTATUS')
          .replace(customerId, customerId.toUpperCase()),
      }),
    ],
    ['under 200', text(200, null, { Location: location })],
    [
      'beside a page',
      text(202, '<html>accepted</html>', { Location: location, 'Content-Type': 'text/html' }),
    ],
    ['beside JSON that is cut off', text(202, '{"a', { Location: location, 'Content-Length': '3' })],
    ['with a Content-Length of 0', accepted({ 'Content-Length': '0' })],
    ['in the body, as a link', json(202, { uri: `/v1${location}`, method: 'GET' })],
    ['in the body, as text', text(202, `"${location}"`)],
  ])('is found %s', async (_, answer) => {
    const upload = await batches(answer).batches.create({ batchId: 'B', devices: [triple] })
    expect(upload.batchTrackingId).toBe(batchTrackingId)
    expect(upload.customerId.toLowerCase()).toBe(customerId)
  })

  test.each<[string, Answer, string]>([
    ['no Location', text(202, null), '(Location: undefined)'],
    ['an empty Location', accepted({ Location: '' }), '(Location: "")'],
    ['another Location', accepted({ Location: '/elsewhere?sig=hush' }), '(Location: "/elsewhere'],
    [
      'the Location of another customer',
      accepted({ Location: location.replace(customerId, otherCustomerId) }),
      `(Location: "/customers/${otherCustomerId}`,
    ],
    [
      'an invalid tracking ID',
      accepted({ Location: location.replace(batchTrackingId, 'x') }),
      `(Location: "/customers/${customerId.slice(0, 8)}`,
    ],
  ])('that came with %s is an error that says to look first', async (_, answer, shown) => {
    const { batches: own, sent } = batches(answer)
    const error = await rejection(own.create({ batchId: 'B', devices: [triple] }))
    expect(error).toMatchObject({
      name: 'ResponseError',
      code: 'response',
      isAmbiguous: true,
      isRetryable: false,
      attempts: 1,
      requestId: sent[0]!.headers['ms-requestid'],
    })
    expect(error.message).toMatch(
      /^The upload was accepted, but the response has no tracking ID of this customer \(Location: /,
    )
    expect(error.message).toContain(shown)
    expect(error.message).toContain('Do not send it again before you have listed the devices of the batch.')
    expect(error.message).not.toContain('hush')
    expect(sent).toHaveLength(1)
  })

  test('is not said to be accepted if a page came instead of it', async () => {
    const error = await rejection(
      batches(text(200, '<html>sign in</html>')).batches.create({ batchId: 'B', devices: [triple] }),
    )
    expect(error).toMatchObject({ code: 'response', isAmbiguous: true, isRetryable: false, status: 200 })
    expect(error.message).toBe(
      'The response to the upload is an HTML page with status 200, without a tracking ID. Check that no proxy or sign-in page responds in place of the service. Do not send it again before you have listed the devices of the batch.',
    )
  })

  test('is not accepted if a fault comes with status 200', async () => {
    const error = await rejection(
      batches(json(200, { code: 800002, description: 'Invalid input.' })).batches.create({
        batchId: 'B',
        devices: [triple],
      }),
    )
    expect(error).toMatchObject({ code: 'api', status: 200, serviceCode: '800002' })
  })

  test.each([400, 401, 403, 404, 409, 500])('is refused with %i as an ApiError', async (status) => {
    const { partner } = partnerOn(json(status, { code: 2000, description: 'No.' }), { retry: false })
    const error = await rejection(
      partner.customers.byId(customerId).deviceBatches.create({ batchId: 'B', devices: [triple] }),
    )
    expect(error).toMatchObject({
      code: 'api',
      status,
      serviceCode: '2000',
      description: 'No.',
      isAmbiguous: status === 500,
    })
    expect(error.message).toContain('POST /customers/{customerId}/deviceBatches returned')
  })

  test("can be obtained from a Location later, but not from another customer's", () => {
    const { batchUploadStatus } = partnerOn(accepted()).partner.customers.byId(customerId)
    expect(batchUploadStatus.fromLocation(`/v1${location}`).toJSON()).toEqual({ customerId, batchTrackingId })
    expect(
      thrown(() => batchUploadStatus.fromLocation(location.replace(customerId, otherCustomerId))).message,
    ).toBe(
      `\`location\` belongs to customer ${otherCustomerId}, not to ${customerId}. Use the one from the response to an upload for this customer.`,
    )
    for (const text of ['', 'x', undefined])
      expect(thrown(() => batchUploadStatus.fromLocation(text as string))).toMatchObject({
        code: 'invalid-argument',
      })
    expect(thrown(() => batchUploadStatus.byId('x')).message).toMatch(/^`batchTrackingId` must be a GUID/)
  })

  test('is not thenable, so that an async function can return it', async () => {
    const upload = await batches().batches.create({ batchId: 'B', devices: [triple] })
    expect('then' in upload).toBe(false)
    expect(await (async () => upload)()).toBe(upload)
    expect(vi.isFakeTimers()).toBe(false)
  })
})
