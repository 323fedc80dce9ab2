/** What does every resource need to make its calls? Two openapi-fetch clients on one transport. */
import type { paths } from '@devicebatch/contract'
import type { CallOptions, PartnerFetch } from '@devicebatch/edge'
import type { PartnerTransport } from '@devicebatch/edge/internal'
import { buildPath, callNames, checkNames, transportOf } from '@devicebatch/edge/internal'
import type { Client, ClientOptions } from 'openapi-fetch'
import createClient from 'openapi-fetch'

import { toApiResponse, toOwnResponse } from './responses.ts'

export interface Core {
  partnerFetch: PartnerFetch
  transport: PartnerTransport
  /** The client for our own calls, which the user's middleware does not reach. Each call is given `sendWith(…)`, and uses its `fetch`. */
  readonly api: Client<paths>
  /** The user's client. */
  readonly userApi: Client<paths>
  /** How our own calls are sent: with the caller's options, and without reading the body, which `readAnswer` does. */
  sendWith(options: CallOptions | undefined): OwnCall
}

/** openapi-fetch's options for one call. */
export interface OwnCall {
  parseAs: 'stream'
  bodySerializer: (body: unknown) => string
  fetch: NonNullable<ClientOptions['fetch']>
}

export function createCore(partnerFetch: PartnerFetch): Core {
  const transport = transportOf(partnerFetch)
  let api: Client<paths> | undefined
  let userApi: Client<paths> | undefined
  // Created by the first call that needs it, because that loads the runtime's fetch.
  const create = (fetch: OwnCall['fetch']): Client<paths> =>
    createClient<paths>({ baseUrl: transport.settings.baseUrl, pathSerializer: buildPath, fetch })
  const sendWith = (options?: CallOptions): OwnCall => {
    checkNames(options, callNames)
    // Kept as text: reading 4 MB back from a Request makes the upload half as expensive again.
    let body: string | undefined
    const signal = options?.signal ?? null
    return {
      parseAs: 'stream',
      bodySerializer: (value) => (body = typeof value === 'string' ? value : JSON.stringify(value)),
      fetch: async (request) =>
        toOwnResponse(await transport.send(request, { ...options, signal, body: body ?? null })),
    }
  }
  return {
    partnerFetch,
    transport,
    sendWith,
    get api() {
      return (api ??= create(sendWith().fetch))
    },
    get userApi() {
      return (userApi ??= create(async (request) => toApiResponse(await transport.send(request))))
    },
  }
}
