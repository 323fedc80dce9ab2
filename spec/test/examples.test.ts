/** The documented and captured bodies are what the document says they are. */
import { readdirSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { camelCase, problemsOf, readJson, readObject, schema, unlistedWords, walk } from './document.ts'
import type { Json } from './document.ts'

/** Every example in the document, with the pointer of the schema beside it. */
const examples = [...walk()].flatMap(({ node, pointer }) =>
  node.schema && node.examples
    ? Object.values(node.examples).map((example) => ({ ...example, schemaPointer: `${pointer}/schema` }))
    : [],
)

/** The bodies that the document shows as examples. */
const shown = examples.flatMap(({ externalValue, schemaPointer }) =>
  externalValue === undefined ? [] : [{ file: externalValue, schemaPointer }],
)

/** The bodies that it does not show: they are in PascalCase, misspell a key, or are not of one of its operations. */
const notShown = [
  { file: 'examples/list-devices.response.json', schemaPointer: schema('DeviceCollection') },
  {
    file: 'examples/create-device-batch.request.json',
    schemaPointer: schema('DeviceBatchCreationRequest'),
  },
  {
    file: 'examples/observed/create-device-batch.2020-02.request.json',
    schemaPointer: schema('DeviceBatchCreationRequest'),
  },
  {
    file: 'examples/add-devices-to-batch.request.json',
    schemaPointer:
      '/paths/~1customers~1{customerId}~1deviceBatches~1{batchId}~1devices/post/requestBody/content/application~1json/schema',
  },
  {
    file: 'examples/update-devices-with-policy.request.json',
    schemaPointer: schema('DevicePolicyUpdateRequest'),
  },
  {
    file: 'examples/error.aad-token.shape-only.json',
    schemaPointer: '/components/securitySchemes/app/flows/clientCredentials/x-token-error',
  },
]

const pagingFragment = 'examples/paging.links-next.fragment.json'

describe('documented bodies', () => {
  test.each(shown)('$file fits the schema that it illustrates', ({ file, schemaPointer }) => {
    expect(problemsOf(readJson(file), schemaPointer)).toEqual([])
  })

  test.each(notShown)('$file fits its schema once its names are camelCase', ({ file, schemaPointer }) => {
    expect(problemsOf(camelCase(readJson(file)), schemaPointer)).toEqual([])
  })

  test('a page with a next link fits the collection that it is cut from', () => {
    expect(problemsOf({ items: [], ...readObject(pagingFragment) }, schema('DeviceCollection'))).toEqual([])
  })

  test('every file in examples is checked', () => {
    const files = readdirSync(new URL('../examples', import.meta.url), { recursive: true, encoding: 'utf8' })
    const bodies = files
      .filter((file) => file.endsWith('.json'))
      .map((file) => `examples/${file.replaceAll('\\', '/')}`)
    const checked = [...shown, ...notShown].map(({ file }) => file)
    expect(new Set([...checked, pagingFragment])).toEqual(new Set(bodies))
  })

  test('a body in PascalCase does not fit before its names are mapped', () => {
    const body = readJson('examples/create-device-batch.request.json')
    expect(problemsOf(body, schema('DeviceBatchCreationRequest'))).not.toEqual([])
  })

  test('every status, category and setting in them is a known word', () => {
    unlistedWords.length = 0
    for (const { file, schemaPointer } of [...shown, ...notShown]) {
      problemsOf(camelCase(readJson(file)), schemaPointer)
    }
    expect(unlistedWords).toEqual([])
  })
})

const written = examples.filter(
  (example): example is { value: Json; schemaPointer: string } => 'value' in example,
)

test.each(written)('an example written at $schemaPointer fits it', ({ value, schemaPointer }) => {
  expect(problemsOf(value, schemaPointer)).toEqual([])
})
