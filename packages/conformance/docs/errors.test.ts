import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { errorsDocument, errorsFile } from './errors.ts'

test('docs/errors.md matches explainError and explainDeviceError', () => {
  expect(readFileSync(errorsFile, 'utf8'), 'run `npm run docs:errors` and commit what it writes').toBe(
    errorsDocument(),
  )
})
