/** The generated files match the document, and a check reports when they do not. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'

import { findStale, generate } from '../generate.ts'

interface Document {
  paths: Record<string, unknown>
  components: { schemas: Record<string, object> }
}

const packageDirectory = fileURLToPath(new URL('..', import.meta.url))
const yamlText = await readFile(new URL(import.meta.resolve('@devicebatch/spec/openapi.yaml')), 'utf8')
const json: Document = JSON.parse(await readFile(join(packageDirectory, 'openapi.json'), 'utf8'))

describe('openapi.json', () => {
  test('is the document without its examples', () => {
    const yaml: Document = parse(yamlText)
    expect(Object.keys(json.paths)).toEqual(Object.keys(yaml.paths))
    expect(json.components.schemas).toEqual(yaml.components.schemas)
    expect(withoutExamples(json)).toEqual(withoutExamples(yaml))
  })

  test('refers to no other file', () => {
    const text = JSON.stringify(json)
    expect(text).not.toContain('externalValue')
    const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, target]) => target)
    expect(references.filter((target) => !target?.startsWith('#/'))).toEqual([])
    expect(text).toContain('ZtdDeviceAssignedToOtherTenant')
  })
})

describe('the check', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'contract-'))
    await cp(join(packageDirectory, 'src'), join(directory, 'src'), { recursive: true })
    await cp(join(packageDirectory, 'openapi.json'), join(directory, 'openapi.json'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  const staleIn = async (yaml?: string): Promise<string[]> =>
    findStale(await generate(yaml), pathToFileURL(`${directory}/`))

  test('passes when both files match the document', async () => {
    expect(await staleIn()).toEqual([])
  })

  test('lists both files when the document has changed', async () => {
    const changed = yamlText.replace('      required: [batchTrackingId, status]\n', '')
    expect(changed).not.toBe(yamlText)
    expect(await staleIn(changed)).toEqual(['src/openapi.ts', 'openapi.json'])
  })

  test('lists the types when a known value is new', async () => {
    const changed = yamlText.replace(
      'x-extensible-enum: [none, o_o_b_e]',
      'x-extensible-enum: [none, o_o_b_e, new]',
    )
    expect(await staleIn(changed)).toContain('src/openapi.ts')
  })

  test('lists a file that was edited by hand', async () => {
    await writeFile(join(directory, 'openapi.json'), '{}\n')
    expect(await staleIn()).toEqual(['openapi.json'])
  })

  test('lists a missing file', async () => {
    await rm(join(directory, 'src/openapi.ts'))
    expect(await staleIn()).toEqual(['src/openapi.ts'])
  })

  test('fails with the command that fixes it', async () => {
    const script = join(directory, 'generate.ts')
    await cp(join(packageDirectory, 'generate.ts'), script)
    await cp(join(packageDirectory, 'generate'), join(directory, 'generate'), { recursive: true })
    await symlink(join(packageDirectory, 'node_modules'), join(directory, 'node_modules'), 'junction')
    await writeFile(join(directory, 'package.json'), '{"type":"module"}')
    await writeFile(join(directory, 'openapi.json'), '{}\n')
    const run = promisify(execFile)(process.execPath, [script, '--check'])
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr:
        'packages/contract: openapi.json does not match spec/openapi.yaml. Run `npm run generate` at the root and commit what it writes.\n',
    })
  })
})

function withoutExamples(document: object): unknown {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) =>
    key === 'examples' && !Array.isArray(value) ? undefined : value,
  )
}
