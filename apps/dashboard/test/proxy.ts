/** The proxies of `deploy/`, with free ports and a certificate of their own in place of those of a server. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request as requestHttp } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { freePort } from '../../../packages/conformance/shared/free-port.ts'

/** The host name in the files of `deploy/`. */
export const publicHost = 'devices.example.com'

const deploy = join(import.meta.dirname, '../deploy')

/** Each proxy, and where Debian's package puts it. */
export const proxies = { nginx: '/usr/sbin/nginx', Caddy: '/usr/bin/caddy' } as const

export type ProxyName = keyof typeof proxies

export function hasProxy(name: ProxyName): boolean {
  return existsSync(proxies[name])
}

/** A running proxy. */
export interface Proxy extends Visitor {
  /** The address that people see. */
  publicUrl: string
  /** Puts a file where Certbot puts its proofs. */
  prove(name: string, text: string): void
  stop(): Promise<void>
}

/** Somebody elsewhere, whose requests go to a proxy. */
export interface Visitor {
  /** Sends a request from 127.0.0.2, so that the visitor is not the proxy; resolves with its headers. */
  send(path: string, options?: SendOptions): Promise<IncomingMessage>
  /** The same, with the whole body. */
  visit(path: string, options?: SendOptions): Promise<Visited>
}

interface SendOptions {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
  /** Without TLS. */
  plain?: boolean
}

interface Visited {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Where a proxy listens. */
export interface ProxyPorts {
  httpPort: number
  httpsPort: number
}

/** The ports of the proxy, which must be known before the dashboard that it leads to is started. */
export async function findPorts(): Promise<ProxyPorts> {
  return { httpPort: await freePort(), httpsPort: await freePort() }
}

/** Starts the proxy in front of the dashboard at `port`. */
export async function startProxy(
  name: ProxyName,
  { httpPort, httpsPort }: ProxyPorts,
  port: number,
): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), 'devicebatch-proxy-'))
  const ports = { http: httpPort, https: httpsPort, dashboard: port }
  const args = name === 'nginx' ? configureNginx(folder, ports) : configureCaddy(folder, ports)
  const child = spawn(proxies[name], args, {
    env: { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += String(chunk)))
  const ended = once(child, 'close')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const visitor = createVisitor(publicHost, { httpPort, httpsPort })
  while (!(await visitor.visit('/sign-in').catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}:\n${errors}`)
    await pause(50)
  }
  const prove = (file: string, text: string): void => {
    const proofs = join(folder, '.well-known/acme-challenge')
    mkdirSync(proofs, { recursive: true })
    writeFileSync(join(proofs, file), text)
  }
  return { ...visitor, publicUrl: `https://${publicHost}:${httpsPort}`, prove, stop }
}

/** Sends requests to the proxy at these ports of this machine, whatever its certificate is. */
export function createVisitor(host: string, { httpPort, httpsPort }: ProxyPorts): Visitor {
  const send: Visitor['send'] = (path, { method = 'GET', headers = {}, body, plain = false } = {}) =>
    new Promise((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        localAddress: '127.0.0.2',
        path,
        method,
        headers: { Host: host, ...headers },
      }
      const secure = { ...options, port: httpsPort, servername: host, rejectUnauthorized: false }
      const sent = plain ? requestHttp({ ...options, port: httpPort }, resolve) : request(secure, resolve)
      sent.on('error', reject)
      sent.end(body)
    })
  return {
    send,
    async visit(path, options) {
      const response = await send(path, options)
      let text = ''
      for await (const chunk of response.setEncoding('utf8')) text += chunk
      return { status: response.statusCode!, headers: response.headers, text }
    },
  }
}

interface Ports {
  http: number
  https: number
  dashboard: number
}

/**
 * Writes a configuration of nginx that includes a site file as Debian's does, with other ports and a certificate of its own; returns
 * nginx's arguments.
 */
export function configureNginx(
  folder: string,
  ports: Ports,
  siteFile = join(deploy, 'nginx.conf'),
): string[] {
  const [certificate, key] = [join(folder, 'fullchain.pem'), join(folder, 'privkey.pem')]
  const subject = ['-subj', `/CN=${publicHost}`]
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, ...subject],
    { stdio: 'ignore' },
  )
  const site = replaceAll(readFileSync(siteFile, 'utf8'), {
    'listen 80;': `listen 127.0.0.1:${ports.http};`,
    '  listen [::]:80;\n': '',
    'listen 443 ssl': `listen 127.0.0.1:${ports.https} ssl`,
    '  listen [::]:443 ssl http2;\n': '',
    '127.0.0.1:7820': `127.0.0.1:${ports.dashboard}`,
    'root /var/www/html;': `root ${folder};`,
  }).replaceAll(/\/etc\/letsencrypt\/live\/[\w.-]+/g, folder)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  )
  const main = [
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    'worker_processes 1;',
    `pid ${folder}/pid;`,
    'events {}',
    `http { access_log off; ${temporary.join(' ')}\n${site}}`,
  ].join('\n')
  writeFileSync(join(folder, 'nginx.conf'), main)
  return ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')]
}

/** Its own authority issues the certificate. */
function configureCaddy(folder: string, ports: Ports): string[] {
  const site = replaceAll(readFileSync(join(deploy, 'Caddyfile'), 'utf8'), {
    '127.0.0.1:7820': `127.0.0.1:${ports.dashboard}`,
  })
  const global = `{
	admin off
	local_certs
	skip_install_trust
	default_bind 127.0.0.1
	http_port ${ports.http}
	https_port ${ports.https}
}
`
  mkdirSync(join(folder, 'caddy'), { recursive: true })
  writeFileSync(join(folder, 'Caddyfile'), global + site)
  return ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')]
}

/** Throws if the file no longer has one of the texts. */
function replaceAll(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`A file of deploy/ does not contain: ${from}`)
    return before.replaceAll(from, to)
  }, text)
}
