/** How is a list read to its end? Page by page, on demand, and no page twice. */
import type { CallOptions } from '@devicebatch/edge'
import { ResponseError, TimeoutError } from '@devicebatch/edge'
import type { Exchange } from '@devicebatch/edge/internal'
import { factsOf, wireText, withinLimit } from '@devicebatch/edge/internal'

import { abortableIterable } from '../transport/abortable-iterable.ts'

/**
 * The options for reading a list. Each page is a separate call, so a list takes no `requestId`; `timeoutMs` applies to each
 * page, and to any number of consecutive empty pages together.
 */
export type ListOptions = Omit<CallOptions, 'requestId'>

/**
 * A list from the service. Nothing is fetched until you read it; reading it again fetches it again.
 *
 * Reading rejects with every error of a call, and with `ResponseError` when the service returns the same page token twice, returns
 * one that cannot be sent back, or returns 100 empty pages in a row. Leaving the loop cancels everything in progress.
 */
export interface PagedList<T> extends AsyncIterable<T> {
  /** The pages, at most 100 items each, fetched one after another as they are read. */
  pages(): AsyncIterable<T[]>
  /** All items of all pages. */
  toArray(): Promise<T[]>
}

/** One fetched page. */
export interface Page<T> {
  items: T[]
  /** Identifies the next page, whatever the service sent for it; `undefined` after the last. */
  next: unknown
  exchange: Exchange
}

type Signal = AbortSignal | null | undefined

/** A filter can leave pages empty, but not this many in a row. */
const maxEmptyPages = 100

/** A list whose pages `fetchPage` fetches: the first without a token, every other with that of the previous page. */
export function createPagedList<T>(
  options: ListOptions & { timeoutMs: number | undefined },
  fetchPage: (token: string | undefined, signal: Signal) => Promise<Page<T>>,
): PagedList<T> {
  const pagesUntil = (signal: Signal): AsyncGenerator<T[], void, undefined> =>
    readPages(options.timeoutMs ?? Infinity, signal, fetchPage)
  async function* itemsUntil(signal: Signal): AsyncGenerator<T, void, undefined> {
    for await (const page of pagesUntil(signal)) {
      for (const item of page) {
        signal?.throwIfAborted()
        yield item
      }
    }
  }
  return {
    pages: () => abortableIterable(options.signal, pagesUntil),
    [Symbol.asyncIterator]: () => abortableIterable(options.signal, itemsUntil)[Symbol.asyncIterator](),
    async toArray() {
      const pages: T[][] = []
      for await (const page of pagesUntil(options.signal)) pages.push(page)
      return pages.flat()
    },
  }
}

async function* readPages<T>(
  timeoutMs: number,
  signal: Signal,
  fetchPage: (token: string | undefined, signal: Signal) => Promise<Page<T>>,
): AsyncGenerator<T[], void, undefined> {
  const seen = new Set<string>()
  let token: string | undefined
  let emptyPages = 0
  let endsAt = Infinity
  let last: Page<T> | undefined
  do {
    const startedAt = performance.now()
    // A reader of items does not notice empty pages: together they must not take longer than one page may.
    const page: Page<T> =
      last === undefined || emptyPages === 0
        ? await fetchPage(token, signal)
        : await withinLimit(
            (own) => fetchPage(token, own),
            endsAt - startedAt,
            signal,
            timeoutAfter(last, emptyPages, timeoutMs),
          )
    if (page.items.length > 0) emptyPages = 0
    else if (++emptyPages === 1) endsAt = startedAt + timeoutMs
    yield page.items
    const { next } = page
    token = next === undefined ? undefined : checkToken(page, next, seen, emptyPages)
    last = page
  } while (token !== undefined)
}

function timeoutAfter<T>(
  { exchange: { call } }: Page<T>,
  emptyPages: number,
  timeoutMs: number,
): () => TimeoutError {
  return () =>
    new TimeoutError(
      `${call.method} ${call.path} returned only empty pages (${emptyPages}) within \`timeoutMs\` (${timeoutMs} ms). Try again later or raise it.`,
      factsOf(call),
    )
}

/** The token of the next page; throws `ResponseError` when the list would never end with it. */
function checkToken<T>(
  { exchange: { call, status } }: Page<T>,
  next: unknown,
  seen: Set<string>,
  emptyPages: number,
): string {
  const token = typeof next === 'number' ? `${next}` : next
  const problem = problemOf(token, seen, emptyPages)
  if (problem === undefined) {
    seen.add(token as string)
    return token as string
  }
  throw new ResponseError(
    `${call.method} ${call.path} ${problem}, so the list cannot be read to its end. What was read so far is correct; try again later.`,
    { ...factsOf(call), status },
  )
}

function problemOf(token: unknown, seen: ReadonlySet<string>, emptyPages: number): string | undefined {
  if (typeof token !== 'string') return `returned a next-page token that is not text: ${wireText(token)}`
  if (seen.has(token)) return 'returned the same next-page token twice'
  if (emptyPages >= maxEmptyPages) return `returned ${emptyPages} empty pages in a row`
  // RFC 9110, section 5.5. Anything else makes `fetch` throw its own error.
  return /^[\t\x20-\x7e\x80-\xff]+$/.test(token)
    ? undefined
    : 'returned a next-page token that does not fit into a header'
}

/** A collection as the service sends it, or the bare array in the REST reference. */
export type Collection =
  | { items?: unknown[] | null; continuationToken?: unknown; links?: unknown }
  | unknown[]

export function isCollection(data: unknown): data is Collection {
  if (Array.isArray(data)) return true
  const { items, totalCount } = (data ?? {}) as { items?: unknown; totalCount?: unknown }
  // Empty members may be omitted.
  return Array.isArray(items) || (items == null && totalCount === 0)
}

/** The page in a response. Its token is in the body, otherwise among the headers of the next link, otherwise in a header. */
export function toPage<T>(data: Collection, exchange: Exchange, toItem: (row: unknown) => T): Page<T> {
  const collection = Array.isArray(data) ? { items: data } : data
  const token =
    collection.continuationToken || linkedToken(collection.links) || exchange.headers.get(tokenHeader)
  return { items: (collection.items ?? []).map(toItem), next: token || undefined, exchange }
}

const tokenHeader = 'ms-continuationtoken'

function linkedToken(links: unknown): unknown {
  const headers: unknown = (links as { next?: { headers?: unknown } | null } | null | undefined)?.next
    ?.headers
  if (!Array.isArray(headers)) return undefined
  const header = (headers as ({ key?: unknown; value?: unknown } | null)[]).find(
    (one) => wireText(one?.key).toLowerCase() === tokenHeader,
  )
  return header?.value
}
