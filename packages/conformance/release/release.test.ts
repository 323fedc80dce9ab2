/**
 * The way of a release: version, build, pack, install in an empty folder, run the README's first program. It happens in a
 * copy of the workspace, and the program talks to the packed emulator.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')
const bin = join(root, 'node_modules', '.bin')
const published = [
  'packages/contract',
  'packages/edge',
  'packages/client',
  'packages/csv',
  'packages/emulator',
  'apps/console',
]

describe('a release', () => {
  let work: string
  let copy: string
  let empty: string

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'devicebatch-release-'))
    copy = join(work, 'workspace')
    empty = join(work, 'empty')
    await copyWorkspace(copy)
    await exec(copy, 'pnpm', 'install', '--offline', '--frozen-lockfile', '--ignore-scripts')
    await exec(copy, 'changeset', 'version')
    await exec(
      copy,
      'pnpm',
      '--filter',
      './packages/*',
      '--filter',
      './apps/console',
      '--workspace-concurrency=2',
      'run',
      'build',
    )
    for (const directory of published) {
      await exec(join(copy, directory), 'pnpm', 'pack', '--pack-destination', work)
    }
    await mkdir(empty)
    await writeFile(join(empty, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
    const tarballs = (await readdir(work))
      .filter((name) => name.endsWith('.tgz'))
      .map((name) => join(work, name))
    const install = (source: string) =>
      exec(empty, 'npm', 'install', source, '--no-audit', '--no-fund', ...tarballs)
    // From npm's cache after the first run, so that the test needs no network then.
    await install('--offline').catch(() => install('--prefer-offline'))
  }, 240_000)

  afterAll(() => rm(work, { recursive: true, force: true }))

  test('gives contract, edge and client one version, and writes their changelogs', async () => {
    const manifests = await Promise.all(
      published.slice(0, 3).map((directory) => readJson(join(copy, directory, 'package.json'))),
    )
    expect(new Set(manifests.map(({ version }) => version))).toEqual(new Set(['0.1.0']))
    for (const directory of published) {
      expect(await readFile(join(copy, directory, 'CHANGELOG.md'), 'utf8')).toContain('## 0.1.0')
    }
  })

  test('installs in an empty folder, with declarations and without sources', async () => {
    const installed = join(empty, 'node_modules/@devicebatch/client')
    const { exports, dependencies } = await readJson(join(installed, 'package.json'))
    expect(exports['.']).toEqual({ types: './dist/index.d.ts', default: './dist/index.js' })
    expect(dependencies['@devicebatch/edge']).toBe('0.1.0')
    expect((await readdir(installed)).toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json'])
  })

  test("runs and type-checks the README's first program", async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8')
    const program = /```ts\n([\s\S]*?)```/.exec(readme)![1]!
    expect(program.trim().split('\n').length).toBeLessThanOrEqual(12)
    await writeFile(join(empty, 'first.ts'), program)
    await writeFile(join(empty, 'run.ts'), runAgainstEmulator)
    const { stdout } = await exec(empty, 'node', 'run.ts')
    expect(stdout).toContain(
      'Keep this: {"customerId":"47021739-3426-40bf-9601-61b4b6d7c793","batchTrackingId":"',
    )
    expect(stdout).toContain('succeeded []')
    await exec(
      empty,
      'tsc',
      ...'--noEmit --strict --module nodenext --target es2023 --types node --typeRoots'.split(' '),
      join(root, 'packages/conformance/node_modules/@types'),
      'first.ts',
    )
  }, 60_000)

  test('puts the command on the path', async () => {
    const { stdout } = await exec(empty, 'npx', '--no-install', 'devicebatch', '--version')
    expect(stdout.trim()).toBe('0.1.0')
  })
})

/** Serves the packed emulator, with a lifecycle of milliseconds, and hands the program its address and a token. */
const runAgainstEmulator = `
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'

const server = await serve({ emulator: createEmulator({ queuedMs: 1, processingMs: 1 }) })
const { tenantId, clientId, clientSecret } = emulatorCredentials
const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: 'https://api.partnercenter.microsoft.com/.default' }
const answer = await fetch(server.url + '/' + tenantId + '/oauth2/v2.0/token', { method: 'POST', body: new URLSearchParams(form) })
process.env.PARTNER_CENTER_URL = server.baseUrl
process.env.PARTNER_CENTER_TOKEN = (await answer.json()).access_token
await import('./first.ts')
await server.close()
`

/** Everything that git would commit. */
async function copyWorkspace(target: string): Promise<void> {
  const { stdout } = await exec(root, 'git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
  for (const file of new Set(stdout.split('\0').filter(Boolean))) {
    await cp(join(root, file), join(target, file), { recursive: true })
  }
}

async function exec(cwd: string, command: string, ...args: string[]): Promise<{ stdout: string }> {
  return run(command, args, {
    cwd,
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, CI: 'true', NODE_OPTIONS: '' },
    maxBuffer: 64 * 1024 * 1024,
  })
}

async function readJson(file: string) {
  return JSON.parse(await readFile(file, 'utf8'))
}
