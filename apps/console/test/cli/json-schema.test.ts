/** The published schema of the JSON documents; every test that reads a document checks it against this schema. */
import { expect, test } from 'vitest'

import { createProgram } from '../../src/cli/program.ts'
import { leavesOf, run } from '../command.ts'
import { expectDocument, schema } from '../json-schema.ts'

/** The documents, which unlike their parts have an exit code. */
const documents = Object.entries(schema.$defs).flatMap(([name, definition]) =>
  'properties' in definition && 'exitCode' in (definition.properties as object) ? [name] : [],
)

test('each command with --json has its document in the schema, and no other', () => {
  const { commands } = createProgram('0', {
    args: [],
    stdout: process.stdout,
    stderr: process.stderr,
    runCommand: () => Promise.resolve(),
  })
  const names = leavesOf(commands)
    .filter(({ options }) => options.some(({ long }) => long === '--json'))
    .map(({ name }) => name)
  expect(documents.toSorted()).toEqual([...names, 'usage'].toSorted())
})

test.for([
  ['a member that the schema does not know', { exitCode: 0, refreshTokenFile: 'a', deleted: true, more: 1 }],
  ['a member that is missing', { exitCode: 0, refreshTokenFile: 'a' }],
  ['an unknown exit code', { exitCode: 77, refreshTokenFile: 'a', deleted: true }],
])('a document with %s is not accepted', ([, document]) => {
  expect(() => expectDocument(['logout'], JSON.stringify(document))).toThrow('the document of logout')
})

test('a command that ends early has an error instead', async () => {
  const { code, stdout } = await run(['logout', '--json'])
  expect(code).toBe(1)
  expect(JSON.parse(stdout).error.code).toBe('invalid-argument')
})
