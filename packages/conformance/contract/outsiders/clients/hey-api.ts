/** A program that uses the client that Hey API (`@hey-api/openapi-ts`) generates from our document. */
import { createClient } from '../../../.results/outsiders/hey-api/client/index.ts'
import type { Client } from '../../../.results/outsiders/hey-api/client/index.ts'
import {
  createDeviceBatch,
  getBatchUploadStatus,
  listDevices,
} from '../../../.results/outsiders/hey-api/index.ts'
import type { GeneratedClient, Target } from './generated.ts'

function clientFor({ baseUrl, token }: Target): Client {
  return createClient({ baseUrl, auth: token })
}

export const client: GeneratedClient = {
  async readStatus(target, batchTrackingId) {
    const path = { customerId: target.customerId, batchTrackingId }
    const { data } = await getBatchUploadStatus({ client: clientFor(target), path, throwOnError: true })
    return { status: data.status, errorCodes: (data.devicesStatus ?? []).map(({ errorCode }) => errorCode) }
  },
  async createBatch(target, batchId, serialNumber) {
    const device = { serialNumber, oemManufacturerName: 'HP', modelName: 'EliteBook 840' }
    const { response } = await createDeviceBatch({
      client: clientFor(target),
      path: { customerId: target.customerId },
      body: { batchId, devices: [device] },
      throwOnError: true,
    })
    return response.headers.get('Location')
  },
  async pageDevices(target, batchId) {
    const pages: string[][] = []
    let token: string | undefined
    do {
      const { data } = await listDevices({
        client: clientFor(target),
        path: { customerId: target.customerId, batchId },
        headers: token === undefined ? {} : { 'MS-ContinuationToken': token },
        throwOnError: true,
      })
      pages.push(data.items.map(({ id }) => id))
      token = data.continuationToken
    } while (token !== undefined)
    return pages
  },
  async readFault(target, batchTrackingId) {
    const path = { customerId: target.customerId, batchTrackingId }
    const { error, response } = await getBatchUploadStatus({ client: clientFor(target), path })
    if (typeof error !== 'object' || !('description' in error)) throw new Error('Expected a fault.')
    return { status: response?.status ?? 0, description: error.description ?? '' }
  },
}
