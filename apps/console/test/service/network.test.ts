/** A corporate network: the service is reached through a CONNECT proxy, and its certificate comes from a private authority. */
import { expect, test } from 'vitest'

import { corporateHost, startCorporateNetwork } from '../../../../packages/emulator/test/corporate-network.ts'
import { customer, deviceFile, makeFolder, emulatorEnvironment, start, startEmulator } from '../command.ts'

/** The emulator in such a network, and the environment for it. */
async function prepare() {
  const folder = await makeFolder()
  const server = await startEmulator({ allowedHosts: [corporateHost], quirks: { appOnlyMayCreate: true } })
  const { origin, proxyUrl, asked, authority } = await startCorporateNetwork(server.url, folder.path)
  return {
    ...server,
    asked,
    file: await folder.write('devices.csv', deviceFile('A1', 'A2')),
    env: { ...emulatorEnvironment({ url: origin, baseUrl: `${origin}/v1` }), HTTPS_PROXY: proxyUrl },
    authority,
    serviceHost: new URL(origin).host,
  }
}

test('an upload goes through the proxy, and trusts the authority in the store of the system', async () => {
  const { env, file, authority, asked, calls, serviceHost } = await prepare()
  const { code, stdout, stderr } = await start(['upload', file, '--customer', customer, '--batch', 'B'], {
    env: { ...env, SSL_CERT_FILE: authority },
  }).run
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('Every device is registered')
  expect(new Set(asked)).toEqual(new Set([serviceHost]))
  expect(calls().map(({ operation }) => operation)).toContain('createDeviceBatch')
})

test('an authority that the system does not know is one line with its code, and one attempt', async () => {
  const { env, file, asked, calls } = await prepare()
  const { code, stderr } = await start(['upload', file, '--customer', customer, '--batch', 'B'], { env }).run
  expect(code).toBe(1)
  expect(stderr).toMatch(/^devicebatch: [^\n]*\(SELF_SIGNED_CERT_IN_CHAIN\)[^\n]*\n$/)
  expect(asked).toHaveLength(1)
  expect(calls()).toEqual([])
})
