/** A list of one kind of resource, wherever its pages are. */
import type { Core } from '../transport/core.ts'
import { unwrapData } from '../transport/unwrap.ts'
import type { ApiFetch } from '../transport/unwrap.ts'
import type { ListOptions, PagedList } from './paged-list.ts'
import { createPagedList, isCollection, toPage } from './paged-list.ts'

/**
 * Makes the list whose pages `fetchPage` asks for.
 *
 * @param contract The name of an item, for messages.
 */
export function listOf<T>(
  core: Core,
  options: ListOptions | undefined,
  contract: string,
  fetchPage: (
    headers: { 'MS-ContinuationToken': string | undefined },
    fetch: ApiFetch,
  ) => Promise<{ data?: unknown }>,
): PagedList<T> {
  return createPagedList(async (token) => {
    const { data, exchange } = await unwrapData(
      core.transport,
      options,
      `a collection of ${contract}`,
      isCollection<T>,
      (fetch) => fetchPage({ 'MS-ContinuationToken': token }, fetch),
    )
    return toPage(data, exchange)
  })
}
