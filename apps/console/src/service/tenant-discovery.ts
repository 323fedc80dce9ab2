/** Which tenant has a domain? Microsoft Entra answers without a token: OpenID Connect discovery needs none. */
import { ConnectionError, InvalidArgumentError, ResponseError } from '@devicebatch/client'
import type { AuthorityOptions } from '@devicebatch/edge/internal'
import { isGuid, networkCode, resolveAuthority } from '@devicebatch/edge/internal'

import { whereTheIdIs } from './customer-text.ts'

/** Where to send the request, and how. */
export interface DiscoveryOptions {
  authority: Omit<AuthorityOptions, 'tenantId'>
  fetch: typeof fetch
  signal: AbortSignal
}

const timeoutMs = 15_000

/**
 * Returns the ID of the tenant that has the domain. Rejects with `InvalidArgumentError` when no tenant has it, with
 * `ConnectionError` without a response, and with `ResponseError` when the response is something else.
 */
export async function findTenant(
  domain: string,
  { authority, fetch, signal }: DiscoveryOptions,
): Promise<string> {
  const { issuer } = resolveAuthority({ ...authority, tenantId: domain })
  const { host } = new URL(issuer)
  let status: number
  let body: { issuer?: unknown; error?: unknown } | undefined
  try {
    const response = await fetch(`${issuer}/.well-known/openid-configuration`, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    status = response.status
    body = (await response.json().catch(() => undefined)) as typeof body
  } catch (error) {
    signal.throwIfAborted()
    const code = networkCode(error)
    throw new ConnectionError(
      `The tenant of ${domain} could not be looked up at ${host}${code === undefined ? '' : ` (${code})`}. Check the network, or pass the tenant ID.`,
      { isRetryable: true },
      error,
    )
  }
  const tenantId = /^https:\/\/[^/]+\/([^/]+)\/v2\.0$/.exec(String(body?.issuer))?.[1]
  if (status === 200 && isGuid(tenantId)) return tenantId
  // AADSTS90002 and AADSTS900023.
  if (status === 400 && body?.error === 'invalid_tenant') {
    throw new InvalidArgumentError(
      `No Microsoft Entra tenant has the domain ${JSON.stringify(domain)}. Correct it, or pass the tenant ID (${whereTheIdIs}) or the beginning of the company name.`,
    )
  }
  throw new ResponseError(
    `${host} did not say which tenant has ${domain} (HTTP status ${status}). Try again later, or pass the tenant ID.`,
    { status, isRetryable: status >= 500 || status === 429 },
  )
}
