/** A list of one kind of resource, wherever its pages are. */
import type { Shape } from '../transport/as-documented.ts'
import { asDocumented } from '../transport/as-documented.ts'
import type { Core } from '../transport/core.ts'
import { unwrapData } from '../transport/unwrap.ts'
import type { ApiFetch } from '../transport/unwrap.ts'
import type { ListOptions, PagedList } from './paged-list.ts'
import { createPagedList, isCollection, toPage } from './paged-list.ts'

/** What is listed: its name, for messages, and the members of it that are looked at. */
export interface ListedResource {
  contract: string
  shape: Shape
}

/** Makes the list whose pages `fetchPage` requests. A row without an id gets an empty one, so that it is not lost. */
export function listOf<T extends { id: string }>(
  core: Core,
  options: ListOptions | undefined,
  { contract, shape }: ListedResource,
  fetchPage: (
    headers: { 'MS-ContinuationToken': string | undefined },
    fetch: ApiFetch,
  ) => Promise<{ data?: unknown }>,
): PagedList<T> {
  const { timeoutMs } = core.transport.settings
  return createPagedList({ timeoutMs, ...options }, async (token, signal) => {
    const { data, exchange } = await unwrapData(
      core.transport,
      { ...options, signal },
      `a collection of ${contract}`,
      isCollection,
      (fetch) => fetchPage({ 'MS-ContinuationToken': token }, fetch),
    )
    return toPage(data, exchange, (row) => {
      const item = asDocumented(row, shape) as T
      return item.id == null ? { ...item, id: '' } : item
    })
  })
}
