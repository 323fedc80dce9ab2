import { explainDeviceError } from '@devicebatch/client'
import { describe, expect, test } from 'vitest'

const known: [string, string, string, RegExp, RegExp][] = [
  ['801', 'InvalidZtdRequestBody', 'confirmed', /could not read the request/, /support request/],
  ['802', 'InvalidZtdHardwareHash', 'confirmed', /hash is invalid/, /Collect the hash again/],
  ['803', 'MissingZtdSerialNumberAndProductKey', 'confirmed', /cannot be identified/, /hardware hash/],
  [
    '806',
    'ZtdDeviceAlreadyAssigned',
    'confirmed',
    /already registered to this customer/,
    /submit it again.*Microsoft Store/,
  ],
  ['807', 'ZtdDeviceIsNotRegistered', 'single-source', /not registered/, /Register it first/],
  [
    '808',
    'ZtdDeviceAssignedToOtherTenant',
    'confirmed',
    /another organization/,
    /requires that you have the device.*Microsoft Store/,
  ],
  ['809', 'ZtdProfileIsNotRegistered', 'single-source', /profile/, /not those created in Intune/],
  ['810', 'ZtdProfileAssignedToOtherTenant', 'single-source', /another organization/, /customer/],
  ['811', 'ZtdDeviceRegisteredByOtherTenant', 'single-source', /cannot be deleted/, /delete it/],
  [
    '812',
    'ZtdDeviceNotFound',
    'confirmed',
    /product ID, or with this manufacturer/,
    /only a newly collected hash/,
  ],
  ['813', 'ZtdDeviceIsNotUnique', 'single-source', /single device/, /support/],
  ['814', 'ZtdDeviceAlreadyAadRegistered', 'single-source', /Entra ID/, /Remove the stale device object/],
  ['640', 'StorageError', 'single-source', /failed to save/, /again\. If it keeps failing/],
]

describe('explainDeviceError', () => {
  test.each(known)('knows %s, %s', (code, name, evidence, meaning, remedy) => {
    for (const explanation of [
      explainDeviceError(code),
      explainDeviceError(code, name),
      explainDeviceError('', name),
      explainDeviceError('', name.toUpperCase()),
    ]) {
      expect(explanation).toMatchObject({ evidence, isRetryable: code === '640' })
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
    ['HashNot4k', 'unknown', /probably.*inferred from the name/],
    ['ZtdDeviceDuplicated', 'single-source', /more than once/],
  ])('knows %s, which has no published number, by its name', (name, evidence, meaning) => {
    expect(explainDeviceError('', name).meaning).toMatch(meaning)
    expect(explainDeviceError('999', name)).toMatchObject({ name, evidence })
  })

  test('trusts the code where code and name differ, and shows the name that was sent', () => {
    expect(explainDeviceError('808', 'SomethingNew')).toMatchObject({
      name: 'SomethingNew',
      meaning: expect.stringContaining('another organization'),
    })
  })

  test.each<[unknown, unknown, string]>([
    ['804', undefined, 'The service returned the code 804, which no public source explains.'],
    ['805', 'ZtdNew', 'The service returned the code 805, ZtdNew, which no public source explains.'],
    ['', '', 'The service returned no error code.'],
    [
      'constructor',
      '__proto__',
      'The service returned the code constructor, __proto__, which no public source explains.',
    ],
    [undefined, undefined, 'The service returned no error code.'],
    [null, null, 'The service returned no error code.'],
  ])('passes %j, %j through', (code, name, meaning) => {
    expect(explainDeviceError(code as string, name as string)).toEqual({
      name: name || undefined,
      meaning,
      remedy:
        'Look up the device in Partner Center; if it is not there, open a support request with the batch tracking ID.',
      isRetryable: false,
      evidence: 'unknown',
    })
  })

  test.each([...known.map(([code, name]) => [code, name]), ['999', 'SomethingNew']])(
    'the remedy of %s %s is for a technician: it names no function or option of a program',
    (code, name) => {
      expect(explainDeviceError(code, name).remedy).not.toMatch(/recordTo|--\w/)
    },
  )

  test('accepts the code as a number, as other services on the host send it', () => {
    expect(explainDeviceError(808 as never)).toMatchObject({ name: 'ZtdDeviceAssignedToOtherTenant' })
  })
})
