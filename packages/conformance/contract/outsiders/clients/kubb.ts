/** A program that uses the client that Kubb generates from our document. */
import type { Client } from '@kubb/plugin-client/clients/fetch'

import * as api from '../../../.results/outsiders/kubb/clients.ts'
import type { GeneratedClient, Target } from './generated.ts'

function configFor({ baseUrl, token }: Target): { baseURL: string; headers: Record<string, string> } {
  return { baseURL: baseUrl, headers: { Authorization: `Bearer ${token}` } }
}

/** Kubb's own function for sending requests cannot read a success without a body, so a program supplies another. */
const withEmptyBody: Client = async ({ baseURL, url, method, headers, data }) => {
  const response = await fetch(`${baseURL}${url}`, {
    method,
    headers: headers ?? {},
    body: JSON.stringify(data),
  })
  const { status, statusText } = response
  return { data: {} as never, status, statusText, headers: response.headers }
}

export const client: GeneratedClient = {
  async readStatus(target, batchTrackingId) {
    const { data } = await api.getBatchUploadStatus(target.customerId, batchTrackingId, {}, configFor(target))
    return { status: data.status, errorCodes: (data.devicesStatus ?? []).map(({ errorCode }) => errorCode) }
  },
  async createBatch(target, batchId, serialNumber) {
    const device = { serialNumber, oemManufacturerName: 'HP', modelName: 'EliteBook 840' }
    const body = { batchId, devices: [device] }
    const config = { ...configFor(target), client: withEmptyBody }
    const { headers } = await api.createDeviceBatch(target.customerId, body, {}, config)
    return headers.get('Location')
  },
  async pageDevices(target, batchId) {
    const pages: string[][] = []
    let token: string | undefined
    do {
      const page = token === undefined ? {} : { 'MS-ContinuationToken': token }
      const { data } = await api.listDevices(target.customerId, batchId, page, configFor(target))
      pages.push(data.items.map(({ id }) => id))
      token = data.continuationToken
    } while (token !== undefined)
    return pages
  },
  async readFault(target, batchTrackingId) {
    const { data, status } = await api.getBatchUploadStatus(
      target.customerId,
      batchTrackingId,
      {},
      configFor(target),
    )
    // Kubb types only the body of a success.
    const fault: { description?: string } = data as object
    return { status, description: fault.description ?? '' }
  },
}
