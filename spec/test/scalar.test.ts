/** Scalar's validator accepts the document, and would say so if it did not. */
import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { findErrors } from '../scalar.ts'

const yaml = readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8')

test('Scalar accepts the document', async () => {
  expect(await findErrors(yaml)).toEqual([])
})

test.each([
  {
    fault: 'a placeholder in an OAuth URL',
    from: 'tokenUrl: https://login.microsoftonline.com/common/',
    to: 'tokenUrl: https://login.microsoftonline.com/{tenantId}/',
    error:
      '/components/securitySchemes/app/flows/clientCredentials/tokenUrl: format must match format "uri-reference"',
  },
  {
    fault: 'a schema that is not there',
    from: "$ref: '#/components/schemas/Customer' }",
    to: "$ref: '#/components/schemas/Nobody' }",
    error: expect.stringContaining('#/components/schemas/Nobody'),
  },
])('Scalar names $fault', async ({ from, to, error }) => {
  expect(yaml).toContain(from)
  expect(await findErrors(yaml.replace(from, to))).toContainEqual(error)
})
