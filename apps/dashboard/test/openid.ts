/** A real OpenID provider on this machine, dashboards that trust it, and visitors who sign in with plain HTTP. */
import { createSign, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

import type { Context } from 'oidc-provider'
import { Provider } from 'oidc-provider'
import { vi } from 'vitest'

import { freePort } from '../../../packages/conformance/shared/free-port.ts'
import { keepsConnections } from '../../../packages/conformance/shared/patience.ts'
import type { OpenIdSettings } from '../src/sign-in/openid-provider.ts'
import type { TestDashboard } from './helpers.ts'

/** The claims of an account besides its `sub`. */
export type Account = Readonly<Record<string, unknown>>
type Payload = Record<string, unknown>

const [clientId, clientSecret] = ['dashboard', 'a client secret that no log may contain']

const ttlSeconds = 86_400

export interface TestProvider {
  issuer: string
  /** By `sub`; whoever is not in it cannot sign in. */
  accounts: Map<string, Account>
  /** How often somebody asked for tokens. */
  tokenRequests: number
  /** Changes the ID tokens before they are signed again. */
  tamper: ((claims: Payload) => Payload) | undefined
  /** Signs them; with another key, nobody can verify them. */
  key: KeyObject
  settings(publicUrl: string): OpenIdSettings
  /** Stops it, and starts it again on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
}

/** Starts a provider that knows dashboards at these URLs. */
export async function startProvider(publicUrls: readonly string[]): Promise<TestProvider> {
  const port = await freePort()
  const server = createServer(keepsConnections)
  const listen = async (): Promise<void> => {
    server.listen(port, 'localhost')
    await once(server, 'listening')
  }
  await listen()
  const issuer = `http://localhost:${port}`
  const accounts = new Map<string, Account>()
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider = withoutNotices(
    () => new Provider(issuer, configurationOf({ publicUrls, accounts, privateKey })),
  )
  const made: TestProvider = {
    issuer,
    accounts,
    tokenRequests: 0,
    tamper: undefined,
    key: privateKey,
    settings: (publicUrl) => ({ issuer, clientId, clientSecret, publicUrl }),
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
    start: listen,
  }
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.path === '/token') made.tokenRequests++
    const body = ctx.body as { id_token?: string } | undefined
    if (ctx.path !== '/token' || !body?.id_token || !made.tamper) return
    body.id_token = sign(made.tamper(payloadOf(body.id_token)), body.id_token, made.key)
  })
  server.on('request', provider.callback())
  return made
}

function configurationOf({
  publicUrls,
  accounts,
  privateKey,
}: {
  publicUrls: readonly string[]
  accounts: Map<string, Account>
  privateKey: KeyObject
}): Readonly<Record<string, unknown>> {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: publicUrls.map((url) => `${url}/sign-in/callback`),
        post_logout_redirect_uris: publicUrls.map((url) => `${url}/sign-in`),
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'test', alg: 'RS256', use: 'sig' }] },
    ttl: Object.fromEntries(
      ['AccessToken', 'Grant', 'IdToken', 'Interaction', 'RefreshToken', 'Session'].map((name) => [
        name,
        ttlSeconds,
      ]),
    ),
    cookies: { keys: ['signs the cookies of the provider'] },
    // As Microsoft Entra does, in the ID token.
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'oid', 'roles'], profile: ['name', 'preferred_username'] },
    issueRefreshToken: () => true,
    findAccount(_ctx: unknown, accountId: string) {
      const claims = accounts.get(accountId)
      return claims && { accountId, claims: () => ({ sub: accountId, ...claims }) }
    },
    // Nobody has to consent.
    async loadExistingGrant({ oidc: { client, session, provider } }: Context) {
      const id = session.grantIdFor(client.clientId)
      const found = id === undefined ? undefined : await provider.Grant.find(id)
      if (found) return found
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid profile offline_access')
      await grant.save()
      return grant
    },
    features: {
      rpInitiatedLogout: {
        logoutSource(ctx: Context, form: string) {
          ctx.body = `<!doctype html><title>Sign out</title>${form}<button name="logout" value="yes" form="op.logoutForm">Yes</button>`
        },
      },
    },
  }
}

/** It warns about what only matters in production. */
function withoutNotices<T>(make: () => T): T {
  const spies = (['warn', 'info'] as const).map((level) => vi.spyOn(console, level).mockReturnValue())
  try {
    return make()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

function payloadOf(token: string): Payload {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Payload
}

function sign(payload: Payload, like: string, key: KeyObject): string {
  const signed = `${like.split('.')[0]}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`
}

/** Somebody with one browser. */
export interface Visitor {
  /** The cookies of the dashboard, as the browser sends them. */
  cookies: Map<string, string>
  request(path: string, init?: RequestInit): Promise<Response>
  /** Begins a sign-in, and returns the callback that the provider redirects to. */
  authorize(account: string, options?: { back?: string; isCancelled?: boolean }): Promise<string>
  /** Signs in; the response of the callback. */
  signIn(account: string, back?: string): Promise<Response>
}

/** A visitor of a dashboard that people see at `publicUrl`. */
export function visit({ url }: Pick<TestDashboard, 'url'>, publicUrl: string): Visitor {
  const cookies = new Map<string, string>()
  const atProvider = new Map<string, string>()
  const request: Visitor['request'] = async (path, init = {}) => {
    const headers = { Origin: publicUrl, Cookie: headerOf(cookies), ...(init.headers as object) }
    const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init, headers })
    keep(response, cookies)
    return response
  }
  const ask = async (address: string, init: RequestInit = {}): Promise<string> => {
    const response = await fetch(address, {
      redirect: 'manual',
      ...init,
      headers: { Cookie: headerOf(atProvider) },
    })
    keep(response, atProvider)
    await response.body?.cancel()
    return new URL(response.headers.get('Location')!, address).href
  }
  const visitor: Visitor = {
    cookies,
    request,
    async authorize(account, { back = '/', isCancelled = false } = {}) {
      const started = await request(`/sign-in/start?${new URLSearchParams({ back })}`)
      let next = await ask(started.headers.get('Location')!)
      // Once signed in at the provider, nobody is asked again.
      if (next.includes('/interaction/')) {
        const body = new URLSearchParams({ prompt: 'login', login: account })
        next = isCancelled ? await ask(`${next}/abort`) : await ask(next, { method: 'POST', body })
        next = await ask(next)
      }
      return next.replace(publicUrl, '')
    },
    signIn: async (account, back) =>
      await request(await visitor.authorize(account, back === undefined ? {} : { back })),
  }
  return visitor
}

function headerOf(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}

function keep(response: Response, cookies: Map<string, string>): void {
  for (const cookie of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
    if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie)) cookies.delete(name!)
    else cookies.set(name!, value!)
  }
}
