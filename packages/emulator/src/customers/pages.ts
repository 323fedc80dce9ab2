/** The customers of the partner, a page at a time. */

import type { Customer, Link } from '@devicebatch/contract'

import { BadRequestError } from '../http/json-body.ts'
import type { EmulatorSettings } from '../options.ts'
import type { CustomerProfile } from '../state/state.ts'
import { readCustomerFilter } from './filter.ts'
import { toListedCustomer } from './wire-customer.ts'

/** The query for a list. */
export interface CustomerQuery {
  /** The number of customers per page; 0 for all of them. */
  size: number
  /** As it was sent. */
  filter?: string | undefined
  /** The last customer of the previous page. */
  after?: string | undefined
}

/** One page, as "Get a list of customers" returns it. */
export interface CustomerPage {
  body: {
    totalCount: number
    items: Customer[]
    continuationToken?: string
    links: { self: Link; next?: Link }
    attributes: { objectType: string }
  }
  headers: Record<string, string>
}

const maximumSize = 500

/** The query for the first page. Throws a `BadRequestError` when the size is invalid. */
export function firstPage(size: string | undefined, filter: string | undefined): CustomerQuery {
  const number = Number(size ?? 0)
  if (size !== undefined && !(/^\d+$/.test(size) && number <= maximumSize)) {
    throw new BadRequestError(
      `The query parameter size must be a whole number up to ${maximumSize}; got ${JSON.stringify(size)}.`,
    )
  }
  return { size: number, filter }
}

/** The query for the page that a token identifies. Throws a `BadRequestError` when the token is not from this list. */
export function nextPage(token: string): CustomerQuery {
  const [, after, encoded = ''] = /^([\da-f-]{36}),([\d+/=a-z]+)\/=$/i.exec(token) ?? []
  let query: unknown
  try {
    query = JSON.parse(decodeURIComponent(atob(encoded)))
  } catch {
    throw foreignToken()
  }
  const [size, filter] = Array.isArray(query) ? (query as unknown[]) : []
  if (typeof size !== 'number' || !['string', 'undefined'].includes(typeof filter)) throw foreignToken()
  return { size, filter: filter as string | undefined, after }
}

function foreignToken(): BadRequestError {
  return new BadRequestError('MS-ContinuationToken was not issued by this list.')
}

/**
 * One page of the customers that the query selects. Throws a `BadRequestError` when the query is wrong. `path` is the path of the
 * list, for its link to itself.
 */
export function pageOfCustomers(
  customers: readonly CustomerProfile[],
  query: CustomerQuery,
  path: string,
  { continuationTokenIn }: Pick<EmulatorSettings, 'continuationTokenIn'>,
): CustomerPage {
  const { size, filter, after } = query
  const matching = filter === undefined ? customers : customers.filter(readCustomerFilter(filter))
  const first = after === undefined ? 0 : placeAfter(matching, after)
  const end = size === 0 ? matching.length : first + size
  const last = matching[end - 1]
  const token = last && end < matching.length ? tokenFor(query, last) : undefined
  const self: Link = { uri: path, method: 'GET', headers: [] }
  const next = token !== undefined && continuationTokenIn === 'links' ? nextLink(token) : undefined
  const body = {
    totalCount: matching.length,
    items: matching.slice(first, end).map(toListedCustomer),
    ...(token !== undefined && continuationTokenIn === 'body' && { continuationToken: token }),
    links: { self, ...(next && { next }) },
    attributes: { objectType: 'Collection' },
  }
  const header = token !== undefined && continuationTokenIn === 'header'
  return { body, headers: header ? { 'MS-ContinuationToken': token } : {} }
}

/** How many customers of the list the previous pages contained. */
function placeAfter(customers: readonly CustomerProfile[], after: string): number {
  const index = customers.findIndex(({ customerId }) => customerId === after)
  if (index === -1) throw foreignToken()
  return index + 1
}

/** The token includes the query, which the next page omits. Like the documented tokens, it contains `,`, `/` and `=`. */
function tokenFor({ size, filter }: CustomerQuery, { customerId }: CustomerProfile): string {
  const query = filter === undefined ? [size] : [size, filter]
  return `${customerId},${btoa(encodeURIComponent(JSON.stringify(query)))}/=`
}

function nextLink(token: string): Link {
  return {
    uri: '/customers?seekOperation=Next',
    method: 'GET',
    headers: [{ key: 'MS-ContinuationToken', value: token }],
  }
}
