/** A program that uses the client that oazapfts generates from our document. */
import { ok } from '@oazapfts/runtime'

import * as api from '../../../.results/outsiders/oazapfts/client.ts'
import type { GeneratedClient, Target } from './generated.ts'

function optionsFor({ baseUrl, token }: Target): { baseUrl: string; headers: Record<string, string> } {
  return { baseUrl, headers: { Authorization: `Bearer ${token}` } }
}

export const client: GeneratedClient = {
  async readStatus(target, batchTrackingId) {
    const { status, devicesStatus } = await ok(
      api.getBatchUploadStatus(target.customerId, batchTrackingId, {}, optionsFor(target)),
    )
    return { status, errorCodes: (devicesStatus ?? []).map(({ errorCode }) => errorCode) }
  },
  async createBatch(target, batchId, serialNumber) {
    const device = { serialNumber, oemManufacturerName: 'HP', modelName: 'EliteBook 840' }
    const body = { batchId, devices: [device] }
    const answer = await api.createDeviceBatch(target.customerId, body, {}, optionsFor(target))
    if (answer.status !== 202) throw new Error(`Expected 202, got ${answer.status}.`)
    return answer.headers.get('Location')
  },
  async pageDevices(target, batchId) {
    const pages: string[][] = []
    let msContinuationToken: string | undefined
    do {
      const page = msContinuationToken === undefined ? {} : { msContinuationToken }
      const answer = await ok(api.listDevices(target.customerId, batchId, page, optionsFor(target)))
      pages.push(answer.items.map(({ id }) => id))
      msContinuationToken = answer.continuationToken
    } while (msContinuationToken !== undefined)
    return pages
  },
  async readFault(target, batchTrackingId) {
    const answer = await api.getBatchUploadStatus(target.customerId, batchTrackingId, {}, optionsFor(target))
    if (answer.status !== 404 || typeof answer.data === 'string' || !('description' in answer.data)) {
      throw new Error('Expected a fault.')
    }
    return { status: answer.status, description: answer.data.description ?? '' }
  },
}
