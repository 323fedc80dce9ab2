/** How is a list read to its end? Page by page, as it is read; never more, never twice. */
import type { components } from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { ResponseError } from '@devicebatch/edge'
import type { Exchange } from '@devicebatch/edge/internal'

/** What can be set for reading a list. Each page is a call of its own, so a list takes no `requestId`. */
export type ListOptions = Omit<CallOptions, 'requestId'>

/**
 * A list of the service. Nothing is fetched until it is read; reading it again fetches it again.
 *
 * Reading rejects with every error of a call, and with `ResponseError` when the service names the same next page twice.
 */
export interface PagedList<T> extends AsyncIterable<T> {
  /** The pages, at most 100 items each, fetched one after another as they are read. */
  pages(): AsyncIterable<T[]>
  /** All items of all pages. */
  toArray(): Promise<T[]>
}

/** One page as it was fetched. */
export interface Page<T> {
  items: T[]
  /** Names the next page; `undefined` after the last. */
  next: string | undefined
  exchange: Exchange
}

/** A list whose pages `fetchPage` brings: the first without a token, each other with that of the page before. */
export function createPagedList<T>(fetchPage: (token: string | undefined) => Promise<Page<T>>): PagedList<T> {
  async function* pages(): AsyncGenerator<T[], void, undefined> {
    const seen = new Set<string>()
    let token: string | undefined
    do {
      const { items, next, exchange }: Page<T> = await fetchPage(token)
      yield items
      if (next !== undefined && seen.has(next)) {
        const { call, status } = exchange
        throw new ResponseError(
          `${call.method} ${call.path} named the same next page twice, so the list cannot be read to its end. What was read so far is right; try again later.`,
          { ...call, status },
        )
      }
      token = next
      if (token !== undefined) seen.add(token)
    } while (token !== undefined)
  }
  async function* items(): AsyncGenerator<T, void, undefined> {
    for await (const page of pages()) yield* page
  }
  return {
    pages,
    [Symbol.asyncIterator]: items,
    async toArray() {
      const all: T[] = []
      for await (const page of pages()) all.push(...page)
      return all
    },
  }
}

/** A collection as the service sends it, or the bare array that the REST reference has in its place. */
export type Collection<T> =
  | { items: T[]; continuationToken?: string; links?: components['schemas']['ResourceLinks'] }
  | T[]

export function isCollection<T>(data: unknown): data is Collection<T> {
  return Array.isArray(data) || Array.isArray((data as { items?: unknown } | null | undefined)?.items)
}

/** The page that an answer holds. Its token stands in the body, else among the headers of the next link, else in a header. */
export function toPage<T>(data: Collection<T>, exchange: Exchange): Page<T> {
  if (Array.isArray(data)) return { items: data, next: undefined, exchange }
  const linked = data.links?.next?.headers?.find(
    ({ key }) => key?.toLowerCase() === 'ms-continuationtoken',
  )?.value
  const token = data.continuationToken ?? linked ?? exchange.headers.get('ms-continuationtoken')
  // A token is sent back as it came; an empty one names no page.
  return { items: data.items, next: token || undefined, exchange }
}
