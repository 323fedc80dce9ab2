/** An editor suggests known values, although any other string type-checks. */
import { expect, test } from 'vitest'

import { editorWith } from './editor.ts'

test.each([
  {
    place: 'the status of a batch',
    code: "export const f = (details: BatchUploadDetails) => details.status === '|'",
    words: ['finished', 'finished_with_errors', 'processing', 'queued', 'unknown'],
  },
  {
    place: 'the status of a device',
    code: "export const f = (device: DeviceUploadDetails) => device.status === '|'",
    words: ['finished', 'finished_with_errors', 'in-progress', 'processing', 'queued', 'unknown'],
  },
  {
    place: 'the relationship of a customer',
    code: "export const f = (customer: Customer) => customer.relationshipToPartner === '|'",
    words: ['advisor', 'microsoft_support', 'none', 'reseller', 'syndication'],
  },
  {
    place: 'the category of a policy to apply to a new device',
    code: "export const device: NewDevice = { hardwareHash: 'x', policies: [{ key: '|', value: null }] }",
    words: ['none', 'o_o_b_e'],
  },
  {
    place: 'the settings of a new policy',
    code: "export const policy: NewConfigurationPolicy = { name: 'A', category: 'none', policySettings: ['|'] }",
    words: [
      'none',
      'oobe_user_not_local_admin',
      'remove_oem_preinstalls',
      'skip_eula',
      'skip_express_settings',
      'skip_oem_registration',
    ],
  },
])('an editor completes $place', ({ code, words }) => {
  expect(completionsAt(code)).toEqual(words)
})

/** What TypeScript's language service offers at the `|` of a line of code. */
function completionsAt(code: string): string[] {
  const types = [
    'BatchUploadDetails',
    'DeviceUploadDetails',
    'NewConfigurationPolicy',
    'NewDevice',
    'Customer',
  ]
  const { service, file, position } = editorWith(types, code)
  const entries = service.getCompletionsAtPosition(file, position, {})?.entries ?? []
  return entries.map(({ name }) => name).toSorted()
}
