/** The measured clients, each a file in `clients/`, with their labels in the tables. */

/** Names of files in `clients/`, and their labels in the tables. */
export const clients: Readonly<Record<string, string>> = {
  edge: '@devicebatch/edge',
  client: '@devicebatch/client',
  'hand-written': 'handwritten: token, ids, timeouts, retries',
  'openapi-fetch': 'openapi-fetch, bare',
  'openapi-fetch-by-hand': 'openapi-fetch with the same features handwritten',
  ofetch: 'ofetch',
  ky: 'ky',
  octokit: '@octokit/request',
  azure: '@azure-rest/core-client',
  axios: 'axios',
  openai: 'openai',
}

/** Requests the status of one upload and resolves with the parsed response. */
export type Read = (customerId: string, batchTrackingId: string) => Promise<{ status: string }>

/** Creates the client with that name. */
export async function createReader(name: string, baseUrl: string): Promise<Read> {
  const module = (await import(`./clients/${name}.js`)) as {
    createReader(baseUrl: string, token: string): Read
  }
  return module.createReader(baseUrl, token)
}

/** As long as one of Microsoft Entra. */
const token = 'x'.repeat(1_500)
