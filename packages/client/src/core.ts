/** What every resource needs to make its calls. */
import type { paths } from '@devicebatch/contract'
import type { PartnerFetchOptions } from '@devicebatch/edge'
import { createPartnerFetch } from '@devicebatch/edge'
import type { PartnerTransport } from '@devicebatch/edge/internal'
import { buildPath, transportOf } from '@devicebatch/edge/internal'
import type { Client } from 'openapi-fetch'
import createClient from 'openapi-fetch'

import { toApiResponse } from './unwrap.ts'

export interface Core {
  transport: PartnerTransport
  /** The openapi-fetch client, made when it is first needed: making it loads the fetch of the runtime. */
  readonly api: Client<paths>
}

export function createCore(options: PartnerFetchOptions): Core {
  const transport = transportOf(createPartnerFetch(options))
  let api: Client<paths> | undefined
  return {
    transport,
    get api() {
      return (api ??= createClient<paths>({
        baseUrl: transport.settings.baseUrl,
        pathSerializer: buildPath,
        fetch: async (request) => toApiResponse(await transport.send(request), 'the documented answer'),
      }))
    },
  }
}
