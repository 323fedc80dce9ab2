/** How is a list read to its end? Page by page, as it is read; never more, never twice. */
import type { components } from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { ResponseError } from '@devicebatch/edge'
import type { Exchange } from '@devicebatch/edge/internal'
import { wireText } from '@devicebatch/edge/internal'

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
      const problem = next !== undefined && problemOf(next, seen)
      if (problem) {
        const { call, status } = exchange
        throw new ResponseError(
          `${call.method} ${call.path} ${problem}, so the list cannot be read to its end. What was read so far is right; try again later.`,
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

function problemOf(next: string, seen: ReadonlySet<string>): string | undefined {
  if (seen.has(next)) return 'named the same next page twice'
  // RFC 9110, section 5.5. Anything else makes `fetch` throw an error of its own.
  return /^[\t\x20-\x7e\x80-\xff]+$/.test(next)
    ? undefined
    : 'named the next page in characters that no header can hold'
}

/** A collection as the service sends it, or the bare array that the REST reference has in its place. */
export type Collection<T> =
  | {
      items?: T[] | null
      continuationToken?: string | null
      links?: components['schemas']['ResourceLinks'] | null
    }
  | T[]

export function isCollection<T>(data: unknown): data is Collection<T> {
  if (Array.isArray(data)) return true
  const { items, totalCount } = (data ?? {}) as { items?: unknown; totalCount?: unknown }
  // What is empty may be left out.
  return Array.isArray(items) || (items == null && totalCount === 0)
}

/** The page that an answer holds. Its token stands in the body, else among the headers of the next link, else in a header. */
export function toPage<T>(data: Collection<T>, exchange: Exchange): Page<T> {
  const collection = Array.isArray(data) ? { items: data } : data
  const token =
    collection.continuationToken || linkedToken(collection.links) || exchange.headers.get(tokenHeader)
  return { items: collection.items ?? [], next: token || undefined, exchange }
}

const tokenHeader = 'ms-continuationtoken'

function linkedToken(links: components['schemas']['ResourceLinks'] | null | undefined): string | undefined {
  const headers: unknown = links?.next?.headers
  if (!Array.isArray(headers)) return undefined
  const header = (headers as ({ key?: string; value?: string } | null)[]).find(
    (one) => wireText(one?.key).toLowerCase() === tokenHeader,
  )
  return header?.value
}
