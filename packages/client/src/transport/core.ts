/** What every resource needs to make its calls. */
import type { paths } from '@devicebatch/contract'
import type { PartnerFetchOptions } from '@devicebatch/edge'
import { createPartnerFetch } from '@devicebatch/edge'
import type { PartnerTransport } from '@devicebatch/edge/internal'
import { buildPath, transportOf } from '@devicebatch/edge/internal'
import type { Client } from 'openapi-fetch'
import createClient from 'openapi-fetch'

import { PlainRequest, toApiResponse } from './unwrap.ts'

export interface Core {
  transport: PartnerTransport
  /** The openapi-fetch client of our own calls. */
  api: Client<paths>
  /** The one of the user, made when it is first asked for: making it loads the fetch of the runtime. */
  readonly userApi: Client<paths>
}

export function createCore(options: PartnerFetchOptions): Core {
  const transport = transportOf(createPartnerFetch(options))
  const { baseUrl } = transport.settings
  let userApi: Client<paths> | undefined
  return {
    transport,
    api: createClient<paths>({
      baseUrl,
      pathSerializer: buildPath,
      Request: PlainRequest as unknown as typeof Request,
      // Each of our calls brings its own; without one the default would load the fetch of the runtime now.
      fetch: () => Promise.reject(new Error('A call of our own came without its fetch.')),
    }),
    get userApi() {
      return (userApi ??= createClient<paths>({
        baseUrl,
        pathSerializer: buildPath,
        fetch: async (request) => toApiResponse(await transport.send(request), 'the documented answer'),
      }))
    },
  }
}
