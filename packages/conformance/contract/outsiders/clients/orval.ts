/** A program that uses the client that Orval generates from our document. */
import * as api from '../../../.results/outsiders/orval/client.ts'
import type { GeneratedClient, Target } from './generated.ts'

function optionsFor({ baseUrl, token }: Target): { baseUrl: string; token: string } {
  return { baseUrl, token }
}

export const client: GeneratedClient = {
  async readStatus(target, batchTrackingId) {
    const answer = await api.getBatchUploadStatus(target.customerId, batchTrackingId, optionsFor(target))
    if (answer.status !== 200) throw new Error(`Expected 200, got ${answer.status}.`)
    const { status, devicesStatus } = answer.data
    return { status, errorCodes: (devicesStatus ?? []).map(({ errorCode }) => errorCode) }
  },
  async createBatch(target, batchId, serialNumber) {
    const device = { serialNumber, oemManufacturerName: 'HP', modelName: 'EliteBook 840' }
    const body = { batchId, devices: [device] }
    const answer = await api.createDeviceBatch(target.customerId, body, optionsFor(target))
    if (answer.status !== 202) throw new Error(`Expected 202, got ${answer.status}.`)
    return answer.headers.get('Location')
  },
  async pageDevices(target, batchId) {
    const pages: string[][] = []
    let token: string | undefined
    do {
      const headers = new Headers(token === undefined ? {} : { 'MS-ContinuationToken': token })
      const answer = await api.listDevices(target.customerId, batchId, { ...optionsFor(target), headers })
      if (answer.status !== 200) throw new Error(`Expected 200, got ${answer.status}.`)
      pages.push(answer.data.items.map(({ id }) => id))
      token = answer.data.continuationToken
    } while (token !== undefined)
    return pages
  },
  async readFault(target, batchTrackingId) {
    const answer = await api.getBatchUploadStatus(target.customerId, batchTrackingId, optionsFor(target))
    if (answer.status !== 404 || typeof answer.data === 'string' || !('description' in answer.data)) {
      throw new Error('Expected a fault.')
    }
    return { status: answer.status, description: answer.data.description ?? '' }
  },
}
