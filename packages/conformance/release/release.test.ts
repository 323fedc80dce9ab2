/** A release: new versions, changelogs, and packages that run from an empty folder, the README's first program included. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, inject, test } from 'vitest'

import { published } from '../packed/pack-workspace.ts'
import { root, runCommand } from '../packed/run-command.ts'

const { copy, installed } = inject('packed')

describe('a release', () => {
  test('gives contract, edge and client one version, and writes their changelogs', async () => {
    const folders = Object.values(published)
    const manifests = await Promise.all(
      folders.slice(0, 3).map((folder) => readJson(join(copy, folder, 'package.json'))),
    )
    expect(new Set(manifests.map(({ version }) => version))).toEqual(new Set(['0.1.0']))
    for (const folder of folders) {
      expect(await readFile(join(copy, folder, 'CHANGELOG.md'), 'utf8')).toContain('## 0.1.0')
    }
    expect((await readJson(join(copy, 'packages/edge/jsr.json'))).version).toBe('0.1.0')
  })

  test('installs in an empty folder, with declarations and without sources', async () => {
    const client = join(installed, 'node_modules/@devicebatch/client')
    const { exports, dependencies } = await readJson(join(client, 'package.json'))
    expect(exports['.']).toEqual({ types: './dist/index.d.ts', default: './dist/index.js' })
    expect(dependencies['@devicebatch/edge']).toBe('0.1.0')
    expect((await readdir(client)).toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json'])
  })

  test("runs and type-checks the README's first program", async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8')
    const program = /```ts\n([\s\S]*?)```/.exec(readme)![1]!
    expect(program.trim().split('\n').length).toBeLessThanOrEqual(12)
    await writeFile(join(installed, 'first.ts'), program)
    await writeFile(join(installed, 'run.ts'), runAgainstEmulator)
    const printed = await runCommand(installed, 'node', 'run.ts')
    expect(printed).toContain(
      'Keep this: {"customerId":"47021739-3426-40bf-9601-61b4b6d7c793","batchTrackingId":"',
    )
    expect(printed).toContain('succeeded []')
    await runCommand(
      installed,
      'tsc',
      ...'--noEmit --strict --module nodenext --target es2023 --types node --typeRoots'.split(' '),
      join(root, 'packages/conformance/node_modules/@types'),
      'first.ts',
    )
  }, 60_000)

  test('puts the command on the path', async () => {
    const printed = await runCommand(installed, 'npx', '--no-install', 'devicebatch', '--version')
    expect(printed.trim()).toBe('0.1.0')
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

async function readJson(file: string) {
  return JSON.parse(await readFile(file, 'utf8'))
}
