/** A change of the OpenAPI document that breaks programs is found, and one that does not is accepted. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { OpenAPI3, SchemaObject } from 'openapi-typescript'
import { describe, expect, test } from 'vitest'

import { root } from '../shared/run-command.ts'
import { findBreaks } from './contract-breaks.ts'

/** The members that the tests change. */
interface Document extends OpenAPI3 {
  components: {
    schemas: Record<string, SchemaObject & { properties: Record<string, SchemaObject>; required: string[] }>
  }
}

const status = 'GET /customers/{customerId}/batchJobStatus/{batchTrackingId}'
const create = 'POST /customers/{customerId}/deviceBatches'

describe('a change of the contract', () => {
  test('that only adds breaks nothing', async () => {
    const breaks = await breaksOf(({ components: { schemas } }) => {
      schemas.DeviceUploadDetails!.properties.added = { type: 'string' }
      schemas.DeviceBatchCreationRequest!.properties.added = { type: 'string' }
      schemas.Added = { ...schemas.DeviceUploadDetails! }
    })
    expect(breaks).toEqual([])
  })

  test('that removes an operation is found', async () => {
    const breaks = await breaksOf(({ paths }) => {
      paths!['/customers/{customerId}/batches'] = paths!['/customers/{customerId}/deviceBatches']!
      delete paths!['/customers/{customerId}/deviceBatches']
    })
    expect(breaks).toEqual([`${create} is gone.`, 'GET /customers/{customerId}/deviceBatches is gone.'])
  })

  test('that responds with another status is found', async () => {
    const breaks = await breaksOf(({ paths }) => {
      const item = paths!['/customers/{customerId}/deviceBatches'] as {
        post: { responses: Record<string, object> }
      }
      const { responses } = item.post
      responses['201'] = responses['202']!
      delete responses['202']
    })
    expect(breaks).toEqual([`${create}: its answer 202 is gone.`])
  })

  test('that removes a member of a response is found', async () => {
    const breaks = await breaksOf(({ components: { schemas } }) => {
      delete schemas.DeviceUploadDetails!.properties.productKey
    })
    expect(breaks).toHaveLength(1)
    expect(breaks[0]).toContain(`${status}: its answer 200: 'productKey' is missing.`)
  })

  test('that makes a member of a response optional is found', async () => {
    const breaks = await breaksOf(({ components: { schemas } }) => {
      schemas.BatchUploadDetails!.required = ['batchTrackingId']
    })
    expect(breaks).toHaveLength(1)
    expect(breaks[0]).toContain(`${status}: its answer 200: 'status' is optional.`)
  })

  test('that changes the type of a member is found', async () => {
    const breaks = await breaksOf(({ components: { schemas } }) => {
      schemas.DeviceUploadDetails!.properties.errorCode = { type: 'number' }
    })
    expect(breaks).toHaveLength(1)
    expect(breaks[0]).toMatch(/'number' is not assignable to type 'string'.*errorCode/)
  })

  test('that requires more in a request is found', async () => {
    const breaks = await breaksOf(({ components: { schemas } }) => {
      schemas.DeviceBatchCreationRequest!.properties.added = { type: 'string' }
      schemas.DeviceBatchCreationRequest!.required.push('added')
    })
    expect(breaks).toHaveLength(1)
    expect(breaks[0]).toContain(`${create}: what it takes: 'added' is missing.`)
  })

  test('that removes a schema is found', async () => {
    const breaks = await breaksOf((document) => {
      Object.assign(document, JSON.parse(JSON.stringify(document).replaceAll('ResourceLinks"', 'Links"')))
    })
    expect(breaks).toEqual(['The schema ResourceLinks is gone.'])
  })
})

async function breaksOf(change: (document: Document) => void): Promise<string[]> {
  const now = readDocument()
  change(now)
  return findBreaks(readDocument(), now)
}

function readDocument(): Document {
  return JSON.parse(readFileSync(join(root, 'packages/contract/openapi.json'), 'utf8')) as Document
}
