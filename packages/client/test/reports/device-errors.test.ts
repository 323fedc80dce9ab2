import { explainDeviceError } from '@devicebatch/client'
import { describe, expect, test } from 'vitest'

const known: [string, string, string, RegExp, RegExp][] = [
  ['801', 'InvalidZtdRequestBody', 'confirmed', /could not read the request/, /support request/],
  ['802', 'InvalidZtdHardwareHash', 'confirmed', /hash is not valid/, /Collect the hash again/],
  [
    '803',
    'MissingZtdSerialNumberAndProductKey',
    'confirmed',
    /Nothing identifies the device/,
    /hardware hash/,
  ],
  ['806', 'ZtdDeviceAlreadyAssigned', 'confirmed', /already registered to this customer/, /Nothing to do/],
  ['807', 'ZtdDeviceIsNotRegistered', 'single-source', /not registered/, /Register it first/],
  ['808', 'ZtdDeviceAssignedToOtherTenant', 'confirmed', /another organization/, /deregister/],
  ['809', 'ZtdProfileIsNotRegistered', 'single-source', /profile/, /policy/],
  ['810', 'ZtdProfileAssignedToOtherTenant', 'single-source', /another organization/, /customer/],
  ['811', 'ZtdDeviceRegisteredByOtherTenant', 'single-source', /registered by somebody else/, /remove it/],
  ['812', 'ZtdDeviceNotFound', 'confirmed', /manufacturer, model and serial number/, /exactly/],
  ['813', 'ZtdDeviceIsNotUnique', 'single-source', /single device/, /support/],
  ['814', 'ZtdDeviceAlreadyAadRegistered', 'single-source', /Entra ID/, /Remove the stale device object/],
  ['640', 'StorageError', 'single-source', /failed while it stored/, /again later/],
]

describe('explainDeviceError', () => {
  test.each(known)('knows %s, %s', (code, name, evidence, meaning, remedy) => {
    for (const explanation of [
      explainDeviceError(code),
      explainDeviceError(code, name),
      explainDeviceError('', name),
      explainDeviceError('', name.toUpperCase()),
    ]) {
      expect(explanation).toMatchObject({ evidence, retryable: code === '640' })
      expect(explanation.name?.toLowerCase()).toBe(name.toLowerCase())
      expect(explanation.meaning).toMatch(meaning)
      expect(explanation.remedy).toMatch(remedy)
    }
  })

  test('knows both spellings of 808', () => {
    const [one, other] = ['ZtdDeviceAssignedToOtherTenant', 'ZtdDeviceAssignedToAnotherTenant'].map((name) =>
      explainDeviceError('', name),
    )
    expect(other).toEqual({ ...one, name: 'ZtdDeviceAssignedToAnotherTenant' })
  })

  test.each([
    ['HashNot4k', /old, short kind/],
    ['ZtdDeviceDuplicated', /more than once/],
  ])('knows %s, whose number nobody has published, by its name', (name, meaning) => {
    expect(explainDeviceError('', name).meaning).toMatch(meaning)
    expect(explainDeviceError('999', name)).toMatchObject({ name, evidence: 'single-source' })
  })

  test('trusts the code where code and name differ, and shows the name that was sent', () => {
    expect(explainDeviceError('808', 'SomethingNew')).toMatchObject({
      name: 'SomethingNew',
      meaning: expect.stringContaining('another organization'),
    })
  })

  test.each<[unknown, unknown, string]>([
    ['804', undefined, 'The service gave the code 804, which nobody has explained.'],
    ['805', 'ZtdNew', 'The service gave the code 805, ZtdNew, which nobody has explained.'],
    ['', '', 'The service gave the code (none), which nobody has explained.'],
    [
      'constructor',
      '__proto__',
      'The service gave the code constructor, __proto__, which nobody has explained.',
    ],
    [undefined, undefined, 'The service gave the code (none), which nobody has explained.'],
    [null, null, 'The service gave the code (none), which nobody has explained.'],
  ])('passes %j, %j through', (code, name, meaning) => {
    expect(explainDeviceError(code as string, name as string)).toEqual({
      name: name || undefined,
      meaning,
      remedy:
        'Look the device up in Partner Center; if it is not there, open a support request with the tracking id.',
      retryable: false,
      evidence: 'unknown',
    })
  })

  test('takes the code as a number, as other services of the host send it', () => {
    expect(explainDeviceError(808 as never)).toMatchObject({ name: 'ZtdDeviceAssignedToOtherTenant' })
  })
})
