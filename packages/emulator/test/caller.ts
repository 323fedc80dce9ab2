/** Calls an emulator as a client would, with a token that it got from the emulator's own token endpoint. */

import { emulatorCredentials } from '@devicebatch/emulator'

export const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'
export const otherCustomerId = 'a1b2c3d4-0000-4000-8000-00000000beef'

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>

export interface Caller {
  get(path: string, headers?: Record<string, string>): Promise<Response>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** Creates a batch and returns the path of its status. */
  upload(devices: object[], batchId?: string, customer?: string): Promise<string>
  /** The status document at a path that `upload` returned. */
  status(path: string): Promise<StatusDocument>
}

export interface StatusDocument {
  batchTrackingId: string
  status: string
  startedTime?: string
  completedTime?: string
  devicesStatus: {
    deviceId?: string
    serialNumber?: string
    productKey?: string
    status: string
    errorCode?: string
    errorDescription?: string
    attributes?: object
  }[]
  attributes?: object
}

export async function createCaller(
  fetch: Fetch,
  grant: 'client_credentials' | 'refresh_token' = 'refresh_token',
  origin = 'https://emulator.test',
): Promise<Caller> {
  const answer = await requestToken(fetch, { grant_type: grant }, origin)
  const { access_token: token }: { access_token: string } = await answer.json()
  const call = (path: string, init: CallInit): Promise<Response> =>
    fetch(origin + path, { ...init, headers: { Authorization: `Bearer ${token}`, ...init.headers } })

  const caller: Caller = {
    get: (path, headers = {}) => call(path, { headers }),
    post: (path, body, headers = {}) => caller.send('POST', path, body, headers),
    send: (method, path, body, headers = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return call(path, { method, headers, ...(text !== undefined && { body: text }) })
    },
    async upload(devices, batchId = 'Spring laptops', customer = customerId) {
      const accepted = await caller.post(`/v1/customers/${customer}/deviceBatches`, { batchId, devices })
      return `/v1${accepted.headers.get('Location')}`
    },
    async status(path) {
      const answered = await caller.get(path)
      return answered.json()
    },
  }
  return caller
}

type CallInit = Omit<RequestInit, 'headers'> & { headers: Record<string, string> }

/** Requests a token with the emulator's credentials; `form` replaces or, with undefined, removes single fields. */
export function requestToken(
  fetch: Fetch,
  form: Record<string, string | undefined>,
  origin = 'https://emulator.test',
  path = `/${emulatorCredentials.tenantId}/oauth2/v2.0/token`,
): Promise<Response> {
  const fields: Record<string, string | undefined> = {
    grant_type: 'client_credentials',
    client_id: emulatorCredentials.clientId,
    client_secret: emulatorCredentials.clientSecret,
    refresh_token: emulatorCredentials.refreshToken,
    scope: 'https://api.partnercenter.microsoft.com/.default',
    resource: 'https://api.partnercenter.microsoft.com',
    ...form,
  }
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) body.set(name, value)
  return fetch(origin + path, { method: 'POST', body })
}

/** A device that every upload accepts. */
export function laptop(serialNumber: string): object {
  return { serialNumber, oemManufacturerName: 'Contoso', modelName: 'Notebook 14' }
}
