/** Runs docs/recipes/in-the-tenant.md as a program, against the emulator and a small fake of Microsoft Graph. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { createEmulator } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, onTestFinished, test } from 'vitest'

import { emulatorEnvironment } from '../../emulator/test/environment.ts'
import { keepsConnections } from '../shared/patience.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'
const path = '/v1.0/deviceManagement/windowsAutopilotDeviceIdentities'

/** Two pages of the tenant's devices, for a token; `refused` is the response of a tenant without consent. */
async function startGraph(refused?: { status: number; body: object }) {
  const tokens: (string | undefined)[] = []
  const server = createServer(keepsConnections, (request, response) => {
    const url = new URL(request.url!, 'http://127.0.0.1')
    tokens.push(request.headers.authorization)
    const { port } = server.address() as AddressInfo
    const page = url.searchParams.has('$skiptoken')
      ? { value: [{ serialNumber: 'To be filled by O.E.M.' }, { serialNumber: 's-2', groupTag: '' }] }
      : {
          value: [{ serialNumber: 'S-1', groupTag: 'Front desk', enrollmentState: 'enrolled' }],
          '@odata.nextLink': `http://127.0.0.1:${port}${path}?$skiptoken=2`,
        }
    const found = { status: url.pathname === path ? 200 : 404, body: page }
    const { status, body } = refused ?? found
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1.0`, tokens }
}

async function runRecipe(graphUrl: string) {
  const emulator = createEmulator({ timeScale: 0 })
  const devices = ['S-1', 'S-2', 'S-3', 'To be filled by O.E.M.'].map((serialNumber) => ({ serialNumber }))
  emulator.seed({ batches: [{ customerId, batchId: 'Front desk', devices }] })
  const server = await serve({ emulator })
  onTestFinished(() => server.close())
  const recipe = readFileSync(join(import.meta.dirname, '../../../docs/recipes/in-the-tenant.md'), 'utf8')
  const directory = join(import.meta.dirname, '../.results')
  mkdirSync(directory, { recursive: true })
  const program = join(directory, 'in-the-tenant-recipe.ts')
  writeFileSync(program, /```ts\n([\s\S]*?)```/.exec(recipe)![1]!)
  const child = spawn(process.execPath, [program, customerId, 'Front desk'], {
    env: {
      PATH: process.env.PATH,
      ...emulatorEnvironment(server),
      DEVICEBATCH_GRAPH_URL: graphUrl,
    },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr, emulator }
}

test('the recipe says for each device of a batch whether it is in the tenant, and matches no placeholders', async () => {
  const graph = await startGraph()
  const { code, stdout, stderr, emulator } = await runRecipe(graph.url)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.trimEnd().split('\n')).toEqual([
    'S-1: in the tenant (group tag Front desk, enrolled)',
    'S-2: in the tenant (group tag none, state unknown)',
    'S-3: not in the tenant',
    'To be filled by O.E.M.: unknown: no serial number identifies it',
  ])
  expect(graph.tokens).toHaveLength(2)
  expect(graph.tokens.every((token) => token?.endsWith('.emulator-access-token'))).toBe(true)
  // The token for Graph is issued by the customer's tenant.
  const signIns = emulator.requests.filter(({ operation }) => operation === 'getToken')
  expect(signIns.map(({ path }) => path.split('/')[1])).toContain(customerId)
})

test('a tenant without consent ends the recipe with what Graph says', async () => {
  const graph = await startGraph({ status: 403, body: { error: { code: 'Forbidden' } } })
  const { code, stderr } = await runRecipe(graph.url)
  expect(code).toBe(1)
  expect(stderr).toContain('Microsoft Graph returned 403: {"error":{"code":"Forbidden"}}')
})
