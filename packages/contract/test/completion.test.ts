/** Known words are offered by an editor, although any other word type-checks. */
import { fileURLToPath } from 'node:url'

import ts from 'typescript'
import { expect, test } from 'vitest'

const source = fileURLToPath(new URL('completion.fixture.ts', import.meta.url))

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
  const imports =
    "import type { BatchUploadDetails, DeviceUploadDetails, NewConfigurationPolicy, NewDevice } from '../src/index.ts'\n"
  const text = imports + code.replace('|', '')
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({
      module: ts.ModuleKind.NodeNext,
      strict: true,
      exactOptionalPropertyTypes: true,
      allowImportingTsExtensions: true,
      noEmit: true,
      types: [],
    }),
    getCurrentDirectory: () => fileURLToPath(new URL('.', import.meta.url)),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getScriptFileNames: () => [source],
    getScriptSnapshot: (file) => {
      const content = file === source ? text : ts.sys.readFile(file)
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
    },
    getScriptVersion: () => '1',
    fileExists: (file) => file === source || ts.sys.fileExists(file),
    readFile: (file) => ts.sys.readFile(file),
  })
  const entries =
    service.getCompletionsAtPosition(source, imports.length + code.indexOf('|'), {})?.entries ?? []
  return entries.map(({ name }) => name).toSorted()
}
