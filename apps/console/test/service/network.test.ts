/** A corporate network: the service is reached through a CONNECT proxy, and its certificate comes from a private authority. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'

import { expect, onTestFinished, test } from 'vitest'

import { customer, deviceFile, makeFolder, signIn, start, startEmulator } from '../command.ts'

const host = 'partner.example.test'

/** The emulator behind TLS, a proxy that alone knows the way to it, and what the environment says of both. */
async function prepare() {
  const folder = await makeFolder()
  const server = await startEmulator({ allowedHosts: [host], quirks: { appOnlyMayCreate: true } })
  const { certificate, key, authority } = makeCertificates(folder.path)
  const behindTls = createTlsServer({ cert: certificate, key }, (socket) =>
    tie(socket, connect(Number(new URL(server.url).port), '127.0.0.1')),
  )
  const tlsPort = await listen(behindTls)
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, socket: Socket) => {
    asked.push(request.url!)
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    tie(socket, connect(tlsPort, '127.0.0.1'))
  })
  const proxyUrl = `http://127.0.0.1:${await listen(proxy)}`
  const origin = `https://${host}:${tlsPort}`
  return {
    ...server,
    asked,
    file: await folder.write('devices.csv', deviceFile('A1', 'A2')),
    env: { ...signIn({ url: origin, baseUrl: `${origin}/v1` }), HTTPS_PROXY: proxyUrl },
    authority,
    serviceHost: `${host}:${tlsPort}`,
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

/** A private authority, and a certificate of it for the host. */
function makeCertificates(folder: string): { certificate: Buffer; key: Buffer; authority: string } {
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const key = ['-newkey', 'rsa:2048', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Private CA')
  openssl(
    'req',
    ...key,
    '-keyout',
    'host.key',
    '-out',
    'host.csr',
    '-subj',
    `/CN=${host}`,
    '-addext',
    `subjectAltName=DNS:${host}`,
  )
  const signed = '-copy_extensions copy -out host.pem'
  openssl(...`x509 -req -in host.csr -CA ca.pem -CAkey ca.key -CAcreateserial ${signed}`.split(' '))
  const chain = Buffer.concat([readFileSync(join(folder, 'host.pem')), readFileSync(join(folder, 'ca.pem'))])
  return {
    certificate: chain,
    key: readFileSync(join(folder, 'host.key')),
    authority: join(folder, 'ca.pem'),
  }
}

function tie(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy())
    from.pipe(to)
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}
