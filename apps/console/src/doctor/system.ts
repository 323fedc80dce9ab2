/** Can this Node, with this machine's proxy and certificates, run the command? */
import { existsSync } from 'node:fs'
import * as tls from 'node:tls'

import { isPartnerCenterError } from '@devicebatch/client'

import type { Variables } from '../service/env-file.ts'
import { useNetwork } from '../service/network.ts'
import type { Check } from './check.ts'
import { failure, ok, warning } from './check.ts'

/** The Node that runs the command. */
export function checkNode(version: string = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const found = `Node ${version} on ${process.platform} ${process.arch}.`
  if (major > 22 || (major === 22 && minor >= 12)) return ok('node', found)
  return failure(
    'node',
    `${found} The command needs 22.12 or later.`,
    'Install the current LTS release of Node.',
  )
}

const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']

/** The variables that send requests through a proxy. */
export function proxyNames(env: Variables): string[] {
  return proxyVariables.filter((name) => env[name])
}

/** The proxy. Sets up the network of this process, as every command does. */
export function checkProxy(env: Variables): Check {
  const names = proxyNames(env)
  try {
    useNetwork(env)
  } catch (error) {
    if (!isPartnerCenterError(error)) throw error
    return failure('proxy', error.message, `Correct or unset ${names[0]}.`)
  }
  const exceptions = env['NO_PROXY'] || env['no_proxy'] ? ', except to the hosts in NO_PROXY' : ''
  if (names.length > 0) {
    return ok('proxy', `${names.join(' and ')}: requests go through the proxy${exceptions}.`)
  }
  if (env['ALL_PROXY'] || env['all_proxy']) {
    return warning('proxy', 'ALL_PROXY is set, which Node does not read.', 'Set HTTPS_PROXY instead.')
  }
  return ok('proxy', 'No proxy is set: requests go directly to the service.')
}

/** Which certificates are trusted. */
export function checkCertificates(env: Variables): Check {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    return warning(
      'certificates',
      'NODE_TLS_REJECT_UNAUTHORIZED is 0: certificates are not verified, so anyone on the network can read your secrets.',
      'Unset it, and add the certificate authority of your network to the system or to NODE_EXTRA_CA_CERTS.',
    )
  }
  const extra = env['NODE_EXTRA_CA_CERTS']
  if (extra && !existsSync(extra)) {
    return warning(
      'certificates',
      'NODE_EXTRA_CA_CERTS names a file that does not exist: Node ignores it.',
      'Correct the path, or unset it.',
    )
  }
  const sources = ['those of Node', extra && 'those of NODE_EXTRA_CA_CERTS']
  if (typeof tls.setDefaultCACertificates !== 'function') {
    return warning(
      'certificates',
      `Node ${process.versions.node} does not read the certificates in the system's store.`,
      'Use Node 22.19, 24.5 or later, or set NODE_EXTRA_CA_CERTS if your network has its own certificate authority.',
    )
  }
  return ok(
    'certificates',
    `Trusted: ${["those in the system's store", ...sources].filter(Boolean).join(', ')}.`,
  )
}
