/** How are resources of one kind read, individually or in a list? */
import type { CallOptions } from '@devicebatch/edge'
import { callNames, checkNames, checkStatus, readAnswer } from '@devicebatch/edge/internal'

import type { Shape } from '../transport/as-documented.ts'
import { asDocumented } from '../transport/as-documented.ts'
import type { Core, OwnCall } from '../transport/core.ts'
import { exchangeOf, hasText } from '../transport/responses.ts'
import type { ListOptions, PagedList } from './paged-list.ts'
import { createPagedList, isCollection, toPage } from './paged-list.ts'

/** What is read: its name, for messages, and the members that are used. */
export interface ListedResource<T> {
  contract: string
  shape: Shape & Partial<Record<keyof T, Shape[string]>>
}

/** What openapi-fetch resolves with. */
interface Answered {
  response: Response
}

/** The resource in a response. Rejects like `readAnswer`. */
export function readResource<T>({ contract, shape }: ListedResource<T>, { response }: Answered): T {
  const isResource = (data: unknown): data is object => hasText(data, 'id')
  return asDocumented(readAnswer(exchangeOf(response), contract, isResource), shape) as T
}

/** Throws `ApiError` for any status other than 2xx; the body of a success does not matter. */
export function checkDone({ response }: Answered): void {
  checkStatus(exchangeOf(response))
}

/** Creates the list whose pages `fetchPage` requests. A row without an ID gets an empty one, so that it is not lost. */
export function listOf<T extends { id: string }>(
  core: Core,
  options: ListOptions | undefined,
  { contract, shape }: ListedResource<T>,
  fetchPage: (call: OwnCall & PageHeaders) => Promise<Answered>,
): PagedList<T> {
  checkNames(options, callNames)
  const { timeoutMs } = core.transport.settings
  return createPagedList({ timeoutMs, ...options }, async (token, signal) => {
    const callOptions: CallOptions = { ...options, signal }
    const headers = { 'MS-ContinuationToken': token }
    const { response } = await fetchPage({ ...core.sendWith(callOptions), headers })
    const exchange = exchangeOf(response)
    return toPage(readAnswer(exchange, `a collection of ${contract}`, isCollection), exchange, (row) => {
      const item = asDocumented(row, shape) as T
      return item.id == null ? { ...item, id: '' } : item
    })
  })
}

interface PageHeaders {
  headers: { 'MS-ContinuationToken': string | undefined }
}
