/** A corporate network: Partner Center is reached through a CONNECT proxy, and its certificate comes from a private authority. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { createEmulator } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, inject, onTestFinished, test } from 'vitest'

import { corporateHost, startCorporateNetwork } from '../../../packages/emulator/test/corporate-network.ts'
import { emulatorEnvironment } from '../../../packages/emulator/test/environment.ts'
import { copyDirectory } from '../../../packages/tracker/test/databases.ts'
import { csv, request, uploadForm } from './helpers.ts'

const main = join(import.meta.dirname, '../src/main.ts')

/** A dashboard as its own process, with the proxy's variable and, if given, the file of the system's certificates. */
async function startBehindProxy({ trusts }: { trusts: boolean }) {
  const emulator = createEmulator({
    timeScale: 240,
    allowedHosts: [corporateHost],
    quirks: { appOnlyMayCreate: true },
  })
  const server = await serve({ emulator })
  onTestFinished(() => server.close())
  const folder = await mkdtemp(join(inject('databaseFolder'), 'dashboard-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  copyDirectory('templateDirectory', join(folder, 'database'))
  const { origin, proxyUrl, asked, authority } = await startCorporateNetwork(server.url, folder)
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      HTTPS_PROXY: proxyUrl,
      ...(trusts && { SSL_CERT_FILE: authority }),
      DEVICEBATCH_PORT: '0',
      DEVICEBATCH_DATABASE_URL: join(folder, 'database'),
      ...emulatorEnvironment({ url: origin }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  })
  let printed = ''
  child.stdout.on('data', (chunk) => (printed += String(chunk)))
  child.stderr.on('data', (chunk) => (printed += String(chunk)))
  await expect.poll(() => printed).toMatch(/^The dashboard is at (\S+)$/m)
  const url = /^The dashboard is at (\S+)$/m.exec(printed)![1]!
  return { url, asked, serviceHost: new URL(origin).host }
}

/** Uploads a file as a browser does; returns the page of the submission. */
async function upload(dashboard: { url: string }): Promise<() => Promise<string>> {
  const body = uploadForm(csv('NW-1,Contoso,Laptop 3'))
  const checked = await request(dashboard, '/uploads/check', { method: 'POST', body })
  const confirmed = await request(dashboard, checked.headers.get('Location')!, { method: 'POST' })
  const path = confirmed.headers.get('Location')!
  return async () => (await request(dashboard, path)).text()
}

test('uploads go through the proxy, and the authority in the store of the system is trusted', async () => {
  const dashboard = await startBehindProxy({ trusts: true })
  await upload(dashboard)
  const found = async () => (await request(dashboard, '/search?serialNumber=NW-1')).text()
  await expect.poll(found).toMatch(/\/customers\/[\da-f-]{36}\/uploads\/[\da-f-]{36}/)
  expect(new Set(dashboard.asked)).toEqual(new Set([dashboard.serviceHost]))
})

test('an authority that the system does not know is named by its code, and no request is repeated', async () => {
  const dashboard = await startBehindProxy({ trusts: false })
  const page = await upload(dashboard)
  await expect.poll(page).toContain('SELF_SIGNED_CERT_IN_CHAIN')
  // The check for the emulator, the customer's name (for the page and for the worker), the batch and the upload: with the three
  // retries that a lost connection gets, they would be twenty.
  expect(dashboard.asked.length).toBeLessThan(10)
})
