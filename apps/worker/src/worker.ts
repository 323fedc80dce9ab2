/**
 * What became of an upload, over HTTP: `GET /status/:customerId/:batchTrackingId`, for callers with the key. The same file
 * runs on Cloudflare Workers and on Deno.
 */
import type { BatchUploadDetails } from '@devicebatch/contract'
import type { AnyPartnerCenterError, PartnerFetch } from '@devicebatch/edge'
import { createPartnerFetch, getBatchUploadStatus, isFinished, isPartnerCenterError } from '@devicebatch/edge'
import { appOnly } from '@devicebatch/edge/credentials'

/** Variables and secrets of the Worker; environment variables on Deno. */
interface Settings {
  TENANT_ID: string
  CLIENT_ID: string
  CLIENT_SECRET: string
  /** What callers send as `Authorization: Bearer …`. */
  API_KEY: string
  /** Another service than Microsoft's: the emulator's address with `/v1`, and without. */
  PARTNER_CENTER_URL?: string
  AUTHORITY_HOST?: string
}

/** What callers get. That the batch has ended says nothing of its devices: each has its own status. */
export type StatusAnswer = (BatchUploadDetails & { ended: boolean }) | { error: string }

const route = new URLPattern({ pathname: '/status/:customerId/:batchTrackingId' })
const environment = (globalThis as { Deno?: { env: { toObject(): unknown } } }).Deno?.env.toObject()
let partnerFetch: PartnerFetch | undefined

// oxlint-disable-next-line import/no-default-export -- both runtimes look for it
export default {
  async fetch(request: Request, bindings: unknown): Promise<Response> {
    const { API_KEY, PARTNER_CENTER_URL, ...settings } = (environment ?? bindings) as Settings
    const { customerId, batchTrackingId } = route.exec(request.url)?.pathname.groups ?? {}
    if (!customerId || !batchTrackingId || request.method !== 'GET')
      return answer(404, { error: 'Not found.' })
    if (!API_KEY || request.headers.get('Authorization') !== `Bearer ${API_KEY}`)
      return answer(401, { error: 'The key is missing or wrong.' })
    const { TENANT_ID: tenantId, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, AUTHORITY_HOST } = settings
    partnerFetch ??= createPartnerFetch({
      credential: appOnly({ tenantId, clientId, clientSecret, authorityHost: AUTHORITY_HOST }),
      baseUrl: PARTNER_CENTER_URL,
    })
    try {
      const details = await getBatchUploadStatus(partnerFetch, { customerId, batchTrackingId })
      return answer(200, { ...details, ended: isFinished(details) })
    } catch (error) {
      if (!isPartnerCenterError(error)) throw error
      return answer(statusFor(error), { error: error.message })
    }
  },
}

function statusFor(error: AnyPartnerCenterError): number {
  if (error.code === 'invalid-argument') return 400
  return error.code === 'api' && error.status === 404 ? 404 : 502
}

function answer(status: number, body: StatusAnswer): Response {
  return Response.json(body, { status })
}
