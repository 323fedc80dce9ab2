/**
 * How does a program reach the internet from a corporate network? With the system's proxy and certificates.
 *
 * @module @devicebatch/files/network
 */
import * as http from 'node:http'
import * as tls from 'node:tls'

/** The system is configured with something that this Node cannot use. The message says what, and what to do. */
export class SystemNetworkError extends Error {
  /** Identifies the class, whatever a minifier calls it. */
  override readonly name = 'SystemNetworkError'
}

type Variables = Readonly<Record<string, string | undefined>>

/** Available since Node 24.14 and 25.4; its types came later. */
const { setGlobalProxyFromEnv } = http as { setGlobalProxyFromEnv?: (env: Variables) => unknown }

/** This machine, and so the emulator, is reached without a proxy. */
const thisMachine = 'localhost,127.0.0.1,::1'

/**
 * Sends every request of this process through the proxy of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, and trusts the system's
 * certificates besides those of Node.
 *
 * @param env The variables, as in `process.env`.
 * @throws {@link SystemNetworkError} when a proxy is set that this Node cannot use, or that is not a URL.
 */
export function useSystemNetwork(env: Variables): void {
  // Both read the proxy's variables themselves.
  if (process.versions['deno'] !== undefined || process.versions['bun'] !== undefined) return
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].filter((name) => env[name])
  if (names.length > 0) {
    if (setGlobalProxyFromEnv === undefined) {
      throw new SystemNetworkError(
        `${names[0]} is set, but Node ${process.versions.node} cannot use a proxy. Use Node 24.14 or later, or unset it.`,
      )
    }
    const noProxy = [env.NO_PROXY ?? env.no_proxy, thisMachine].filter(Boolean).join(',')
    try {
      setGlobalProxyFromEnv({ ...env, NO_PROXY: noProxy, no_proxy: noProxy })
    } catch {
      // Node's message is the value, which can contain a password.
      const wrong = names.find((name) => !/^\w+:/.test(env[name]!) || !URL.canParse(env[name]!)) ?? names[0]
      throw new SystemNetworkError(
        `${wrong} is not the URL of a proxy, such as http://proxy.example.com:8080. Correct it, or unset it.`,
      )
    }
  }
  // Node 22.19 and 24.5.
  if (typeof tls.setDefaultCACertificates === 'function') {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])
  }
}
