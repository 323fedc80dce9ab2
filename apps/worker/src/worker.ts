/**
 * Serves the result of an upload: `GET /status/:customerId/:batchTrackingId`, for callers with the API key. The same file runs
 * on Cloudflare Workers and on Deno.
 */
import type { BatchUploadDetails } from '@devicebatch/contract'
import type { AnyPartnerCenterError, PartnerFetch } from '@devicebatch/edge'
import { createPartnerFetch, getBatchUploadStatus, isFinished, isPartnerCenterError } from '@devicebatch/edge'
import { appOnly } from '@devicebatch/edge/credentials'

/** The Worker's variables and secrets, or environment variables on Deno. Callers send the API key as a bearer token. */
interface Settings {
  DEVICEBATCH_TENANT_ID: string
  DEVICEBATCH_CLIENT_ID: string
  DEVICEBATCH_CLIENT_SECRET: string
  DEVICEBATCH_API_KEY: string
  DEVICEBATCH_BASE_URL?: string
  DEVICEBATCH_AUTHORITY_HOST?: string
}

/** The response body. A batch that has ended can still contain failed devices: each has its own status. */
export type StatusResponse = (BatchUploadDetails & { ended: boolean }) | { error: string }

const route = new URLPattern({ pathname: '/status/:customerId/:batchTrackingId' })
const environment = (globalThis as { Deno?: { env: { toObject(): unknown } } }).Deno?.env.toObject()
const respond = (status: number, body: StatusResponse): Response => Response.json(body, { status })
let partnerFetch: PartnerFetch | undefined

// oxlint-disable-next-line import/no-default-export -- both runtimes require it
export default {
  async fetch(request: Request, bindings: unknown): Promise<Response> {
    const env = (environment ?? bindings) as Settings
    const { customerId, batchTrackingId } = route.exec(request.url)?.pathname.groups ?? {}
    if (!customerId || !batchTrackingId || request.method !== 'GET')
      return respond(404, { error: 'Not found.' })
    const key = env.DEVICEBATCH_API_KEY
    if (!key || request.headers.get('Authorization') !== `Bearer ${key}`)
      return respond(401, { error: 'The API key is missing or wrong.' })
    partnerFetch ??= createPartnerFetch({
      credential: appOnly({
        tenantId: env.DEVICEBATCH_TENANT_ID,
        clientId: env.DEVICEBATCH_CLIENT_ID,
        clientSecret: env.DEVICEBATCH_CLIENT_SECRET,
        authorityHost: env.DEVICEBATCH_AUTHORITY_HOST,
      }),
      baseUrl: env.DEVICEBATCH_BASE_URL,
    })
    try {
      const details = await getBatchUploadStatus(partnerFetch, { customerId, batchTrackingId })
      return respond(200, { ...details, ended: isFinished(details) })
    } catch (error) {
      if (!isPartnerCenterError(error)) throw error
      return respond(statusFor(error), { error: error.message })
    }
  },
}

function statusFor(error: AnyPartnerCenterError): number {
  if (error.code === 'invalid-argument') return 400
  return error.code === 'api' && error.status === 404 ? 404 : 502
}
