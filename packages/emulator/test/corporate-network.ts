/** A corporate network: an emulator behind TLS with a private certificate authority, reachable only through a CONNECT proxy. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'

import { onTestFinished } from 'vitest'

/** The host name that the certificate is for; only the proxy can resolve it. */
export const corporateHost = 'partner.example.test'

/** The network. */
export interface CorporateNetwork {
  /** The URL of the proxy. */
  proxyUrl: string
  /** The URL of the emulator there. */
  origin: string
  /** `host:port` of each requested tunnel. */
  asked: string[]
  /** The private authority's certificate file. */
  authority: string
}

/** Puts the server at `url` into such a network; writes the certificates to `folder`. */
export async function startCorporateNetwork(url: string, folder: string): Promise<CorporateNetwork> {
  const { certificate, key, authority } = makeCertificates(folder)
  const behindTls = createTlsServer({ cert: certificate, key }, (socket) =>
    tie(socket, connect(Number(new URL(url).port), '127.0.0.1')),
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
  return { proxyUrl, origin: `https://${corporateHost}:${tlsPort}`, asked, authority }
}

/** Creates a private authority, and a certificate that it issued for the host. */
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
    `/CN=${corporateHost}`,
    '-addext',
    `subjectAltName=DNS:${corporateHost}`,
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
