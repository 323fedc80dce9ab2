/** Clients that other generators make from our document compile, and do their work against the emulator over HTTP. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { appUser } from '@devicebatch/client/credentials'
import { createEmulator, documentedUpload, emulatorCredentials } from '@devicebatch/emulator'
import type { EmulatorServer } from '@devicebatch/emulator/node'
import { serve } from '@devicebatch/emulator/node'
import { createClient } from '@hey-api/openapi-ts'
import { safeBuild } from '@kubb/core'
import { pluginClient } from '@kubb/plugin-client'
import { pluginOas } from '@kubb/plugin-oas'
import { pluginTs } from '@kubb/plugin-ts'
import { generateSource } from 'oazapfts'
import { generate as generateByOrval } from 'orval'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { root } from '../../shared/run-command.ts'
import type { GeneratedClient, Target } from './clients/generated.ts'

const specFile = fileURLToPath(import.meta.resolve('@devicebatch/spec/openapi.yaml'))
const outputDirectory = join(import.meta.dirname, '../../.results/outsiders')
const programs = join(import.meta.dirname, 'clients')

const generators = [
  { name: 'Hey API', file: 'hey-api.ts' },
  { name: 'oazapfts', file: 'oazapfts.ts' },
  { name: 'Orval', file: 'orval.ts' },
  { name: 'Kubb', file: 'kubb.ts' },
]

let server: EmulatorServer
let target: Target

beforeAll(async () => {
  await generate()
  const emulator = createEmulator({ timeScale: 0 })
  server = await serve({ emulator })
  const credential = appUser({ ...emulatorCredentials, onRefreshToken: () => {}, authorityHost: server.url })
  const signIn = await credential.getToken('https://api.partnercenter.microsoft.com/.default')
  const { customerId } = documentedUpload
  target = { baseUrl: server.baseUrl, token: signIn!.token, customerId }
})

afterAll(() => server.close())

test('the generated clients compile under `strict`, each with a program that uses it', () => {
  const tsc = fileURLToPath(new URL('./tsc.js', import.meta.resolve('typescript')))
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', programs], { encoding: 'utf8' })
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 })
})

test.each(generators)('the client by $name reads the documented status', async ({ file }) => {
  const client = await load(file)
  expect(await client.readStatus(target, documentedUpload.batchTrackingId)).toEqual({
    status: 'finished',
    errorCodes: ['808'],
  })
})

test.each(generators)('the client by $name creates a batch and follows it', async ({ name, file }) => {
  const client = await load(file)
  const location = await client.createBatch(target, `Made by ${name}`, `EMU806-${name}`)
  const batchTrackingId = location?.split('/').at(-1) ?? ''
  expect(await client.readStatus(target, batchTrackingId)).toMatchObject({ status: 'queued' })
  server.emulator.clock.advance(60_000)
  expect(await client.readStatus(target, batchTrackingId)).toEqual({
    status: 'finished',
    errorCodes: ['806'],
  })
})

test.each(generators)('the client by $name pages devices', async ({ name, file }) => {
  const { customerId } = target
  const batchId = `Pages, read by ${name}`
  const devices = Array.from({ length: 250 }, (_, index) => ({ serialNumber: `${name} ${index}` }))
  server.emulator.seed({ batches: [{ customerId, batchId, devices }] })
  const pages = await (await load(file)).pageDevices(target, batchId)
  expect(pages.map((page) => page.length)).toEqual([100, 100, 50])
  expect(new Set(pages.flat()).size).toBe(250)
})

test.each(generators)('the client by $name reads a fault', async ({ file }) => {
  const fault = await (await load(file)).readFault(target, '99999999-9999-4999-8999-999999999999')
  expect(fault).toEqual({ status: 404, description: expect.stringContaining('not found') })
})

test.each(generators)('the table of outsiders names $name', ({ name }) => {
  const table = readFileSync(join(root, 'docs/outsiders.md'), 'utf8')
  expect(table).toMatch(new RegExp(`^\\| \\[${name}\\]`, 'm'))
})

async function load(file: string): Promise<GeneratedClient> {
  const program: { client: GeneratedClient } = await import(join(programs, file))
  return program.client
}

/** All of them work only from the document on disk. */
async function generate(): Promise<void> {
  rmSync(outputDirectory, { recursive: true, force: true })
  await createClient({
    input: specFile,
    output: { path: join(outputDirectory, 'hey-api'), module: { extension: '.ts' } },
    logs: { level: 'silent' },
    plugins: ['@hey-api/client-fetch', '@hey-api/sdk', '@hey-api/typescript'],
  })
  mkdirSync(join(outputDirectory, 'oazapfts'), { recursive: true })
  writeFileSync(join(outputDirectory, 'oazapfts/client.ts'), await generateSource(specFile))
  await generateByOrval({
    input: { target: specFile },
    output: {
      target: join(outputDirectory, 'orval/client.ts'),
      client: 'fetch',
      override: { mutator: { path: join(programs, 'orval-fetch.ts'), name: 'orvalFetch', extension: '.ts' } },
    },
  })
  const { error, failedPlugins } = await safeBuild({
    config: {
      // Kubb writes where this folder and the working directory are the same, and twice where they are not.
      root: process.cwd(),
      input: { path: specFile },
      output: { path: join(outputDirectory, 'kubb'), extension: { '.ts': '.ts' }, defaultBanner: false },
      plugins: [
        pluginOas({ generators: [], validate: true }),
        pluginTs({ output: { path: 'types.ts', barrelType: false } }),
        pluginClient({
          output: { path: 'clients.ts', barrelType: false },
          client: 'fetch',
          dataReturnType: 'full',
        }),
      ],
    },
  })
  if (error) throw error
  for (const { error: failure } of failedPlugins) throw failure
}
