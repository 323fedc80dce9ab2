/** The clients that are measured, each a file of `clients/`, and how the others are read of in a table. */

/** Names of files in `clients/`, and what stands in the tables. */
export const clients: Readonly<Record<string, string>> = {
  edge: '@devicebatch/edge',
  client: '@devicebatch/client',
  'hand-written': 'written by hand: token, ids, limits, retries',
  'openapi-fetch': 'openapi-fetch, bare',
  'openapi-fetch-by-hand': 'openapi-fetch with those by hand',
  ofetch: 'ofetch',
  ky: 'ky',
  octokit: '@octokit/request',
  azure: '@azure-rest/core-client',
  axios: 'axios',
  openai: 'openai',
}

/** Requests the status of one upload and resolves with the parsed response. */
export type Read = (customerId: string, batchTrackingId: string) => Promise<{ status: string }>

/** Makes the client of that name. */
export async function createReader(name: string, baseUrl: string): Promise<Read> {
  const module = (await import(`./clients/${name}.js`)) as {
    createReader(baseUrl: string, token: string): Read
  }
  return module.createReader(baseUrl, token)
}

/** As long as one of Microsoft Entra. */
const token = 'x'.repeat(1_500)
