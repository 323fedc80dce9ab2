/** Does a host respond? With DNS, a proxy, TLS and HTTP in between, each of which fails in its own way. */
import { isCertificateFault, networkCode } from '@devicebatch/edge/internal'

import type { Check, CheckName } from './check.ts'
import { failure } from './check.ts'

/** A host that responds. */
export interface Reached {
  status: number
  body: string
  /** The time in its `Date`, in milliseconds since 1970, and this machine's time when the service read its clock. */
  clock: { theirs: number; ours: number } | undefined
}

/** How a host is reached. */
export interface ReachOptions {
  fetch: typeof fetch
  signal: AbortSignal
  /** The variables that send requests through a proxy. */
  proxies: readonly string[]
}

const timeoutMs = 15_000

/** The response, whatever it is, or the failed check. Sends no token. */
export async function reach(
  name: CheckName,
  url: string,
  { fetch, signal, proxies }: ReachOptions,
): Promise<Reached | Check> {
  const started = Date.now()
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    // The service read its clock about halfway.
    const ours = (started + Date.now()) / 2
    const theirs = Date.parse(response.headers.get('date') ?? '')
    const body = await response.text()
    return { status: response.status, body, clock: Number.isNaN(theirs) ? undefined : { theirs, ours } }
  } catch (error) {
    signal.throwIfAborted()
    const { host } = new URL(url)
    const { finding, nextStep } = explainNetwork(networkCode(error), { host, proxies, words: wordsOf(error) })
    return failure(name, finding, nextStep)
  }
}

/** What is known about a failed connection in addition to its code. */
export interface NetworkFacts {
  host: string
  proxies: readonly string[]
  /** The messages of the error and its causes. */
  words: string
}

/** What failed between here and the host, by Node's error code ("Common system errors", and OpenSSL's). */
export function explainNetwork(
  code: string | undefined,
  { host, proxies, words }: NetworkFacts,
): { finding: string; nextStep: string } {
  const [proxy] = proxies
  const [, refusal] = /Proxy response \((\d+)\)/.exec(words) ?? []
  const shown = code === undefined ? '' : ` (${code})`
  if (refusal === '407') {
    return {
      finding: `The proxy in ${proxy} requires a user name and password (HTTP status 407).`,
      nextStep: `Put them into ${proxy}, as in http://user:password@proxy.example.com:8080.`,
    }
  }
  if (refusal !== undefined) {
    return {
      finding: `The proxy in ${proxy} refuses the connection to ${host} (HTTP status ${refusal}).`,
      nextStep: `Have its administrator allow ${host}, or correct ${proxy}.`,
    }
  }
  if (/TimeoutError|ETIMEDOUT|TIMEOUT/.test(code ?? words)) {
    return {
      finding: `${host} did not respond within ${timeoutMs / 1_000} s.`,
      nextStep: proxy
        ? `Check that the proxy in ${proxy} works and allows ${host}.`
        : `Allow ${host} in the firewall; if your network has a proxy, set HTTPS_PROXY.`,
    }
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      finding: `DNS cannot resolve the host${shown}: ${proxy ? `the one in ${proxy}, or ${host}` : host}.`,
      nextStep: proxy
        ? `Check the host name in ${proxy}, and the network connection.`
        : 'Check the network connection and the spelling; if your network has a proxy, set HTTPS_PROXY.',
    }
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return {
      finding: `The certificate of ${host} is not valid at this time${shown}.`,
      nextStep: "Check this machine's clock first; if it is right, the certificate must be renewed.",
    }
  }
  if (isCertificateFault(code)) {
    return {
      finding: `The certificate of ${host} is not trusted${shown}. In a company network, a proxy or a virus scanner often replaces it.`,
      nextStep:
        'Check the address, and add the certificate authority of your network to the system or to NODE_EXTRA_CA_CERTS.',
    }
  }
  if (/SSL|TLS|EPROTO/.test(code ?? '')) {
    return {
      finding: `${host} does not respond with TLS${shown}.`,
      nextStep: 'Check the address: its port, and http or https; a proxy in between can also be the cause.',
    }
  }
  return {
    finding: `${proxy ? `The proxy in ${proxy}, or ${host},` : host} cannot be reached${shown}.`,
    nextStep: proxy
      ? `Check ${proxy}, and that the proxy is running.`
      : 'Check the address, the network connection and the firewall; if your network has a proxy, set HTTPS_PROXY.',
  }
}

function wordsOf(error: unknown): string {
  const words: string[] = []
  let cause = error
  for (let depth = 0; depth < 5 && cause instanceof Error; depth++) {
    words.push(`${cause.name}: ${cause.message}`)
    cause = cause.cause
  }
  return words.join(' ')
}
