/** What users get: declarations and the document, no JavaScript, and types that resolve after installation. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const packageDirectory = fileURLToPath(new URL('..', import.meta.url))
const bin = (name: string): string =>
  fileURLToPath(new URL(`../../../node_modules/.bin/${name}`, import.meta.url))

let directory: string
let files: string[]

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'contract-'))
  await run(process.execPath, ['--run', 'build'], { cwd: packageDirectory })
  const { stdout } = await run(bin('pnpm'), ['pack', '--json', '--pack-destination', directory], {
    cwd: packageDirectory,
  })
  const packed: { filename: string; files: { path: string }[] } = JSON.parse(stdout)
  files = packed.files.map(({ path }) => path)
  const installed = join(directory, 'node_modules/@devicebatch')
  await mkdir(installed, { recursive: true })
  await run('tar', ['-xzf', packed.filename, '-C', installed])
  await symlink(join(installed, 'package'), join(installed, 'contract'), 'junction')
})

afterAll(() => rm(directory, { recursive: true }))

test('the package contains declarations and the document but no JavaScript', () => {
  // Releases add the changelog.
  expect(files.filter((file) => file !== 'CHANGELOG.md').toSorted()).toEqual([
    'LICENSE',
    'README.md',
    'dist/index.d.ts',
    'dist/openapi.d.ts',
    'openapi.json',
    'package.json',
  ])
})

test('its manifest exports only types and the document', async () => {
  const text = await readFile(join(directory, 'node_modules/@devicebatch/contract/package.json'), 'utf8')
  expect(JSON.parse(text)).toMatchObject({
    exports: { '.': { types: './dist/index.d.ts' }, './openapi.json': './openapi.json' },
    type: 'module',
  })
  expect(JSON.parse(text)).not.toHaveProperty('dependencies')
})

test('its document can be imported from the installed package', async () => {
  const code =
    "import document from '@devicebatch/contract/openapi.json' with { type: 'json' }; console.log(document.openapi)"
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: directory })
  expect(stdout).toBe('3.1.0\n')
})

test('the example of BatchUploadDetails counts only failed devices', async () => {
  const source = await readFile(join(packageDirectory, 'src/index.ts'), 'utf8')
  const example = examplesIn(source).find((code) => code.includes('failedSerialNumbers'))
  const file = join(directory, 'example.mts')
  await writeFile(file, example ?? '')
  const program: { failedSerialNumbers(details: object): string[] } = await import(file)
  const devicesStatus = [
    { serialNumber: 'registered', status: 'finished' },
    { serialNumber: 'registered before', status: 'finished_with_errors', errorCode: '806' },
    { serialNumber: 'of another tenant', status: 'finished_with_errors', errorCode: '808' },
    { serialNumber: 'failed in silence', status: 'finished_with_errors' },
    { serialNumber: 'failed, said to be finished', status: 'finished', errorCode: '812' },
    { serialNumber: 'in progress', status: 'processing' },
  ]
  expect(program.failedSerialNumbers({ devicesStatus })).toEqual([
    'of another tenant',
    'failed in silence',
    'failed, said to be finished',
  ])
  expect(program.failedSerialNumbers({ devicesStatus: null })).toEqual([])
})

test.each([
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'preserve', moduleResolution: 'bundler' },
])('its examples compile against the installed package ($moduleResolution)', async (options) => {
  const readme = await readFile(join(packageDirectory, 'README.md'), 'utf8')
  const source = await readFile(join(packageDirectory, 'src/index.ts'), 'utf8')
  const examples = [
    ...[...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code ?? ''),
    ...examplesIn(source),
  ]
  expect(examples).toHaveLength(3)
  const sources = examples.map((code, index) => ({ name: `example-${index}.mts`, code }))
  for (const { name, code } of sources) await writeFile(join(directory, name), code)
  const compilerOptions = {
    ...options,
    target: 'es2022',
    strict: true,
    noEmit: true,
    types: [],
    skipLibCheck: false,
  }
  await writeFile(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: sources.map(({ name }) => name) }),
  )
  const { stdout } = await run(bin('tsc'), ['-p', '.'], { cwd: directory }).catch(
    (error: { stdout: string }) => error,
  )
  expect(stdout).toBe('')
})

/** The examples in the comments of a source file. */
function examplesIn(source: string): string[] {
  return [...source.matchAll(/^ \* ```ts\n(.*?)^ \* ```/gms)].map(([, code = '']) =>
    code.replaceAll(/^ \* ?/gm, ''),
  )
}
