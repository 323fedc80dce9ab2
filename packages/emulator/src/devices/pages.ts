/** The devices of a batch, a page at a time. */

import type { Link } from '@devicebatch/contract'

import type { EmulatorSettings } from '../options.ts'
import { collection } from '../quirks/absent.ts'
import { chance } from '../quirks/chance.ts'
import type { Batch, CustomerState } from '../state/state.ts'
import { countUpTo, registeredCount, toDevice } from './batch-devices.ts'

const pageSize = 100

/** One page, as "Get a list of devices for the specified batch and customer" returns it. */
export interface DevicePage {
  body: object
  headers: Record<string, string>
}

/**
 * The page after the one that returned the token, or the first page without a token; undefined for a token of another list.
 * A token identifies the last device of its page, so that deletions cannot shift devices off the next page.
 */
export function pageOfDevices(
  batch: Batch,
  customer: CustomerState,
  token: string | undefined,
  path: string,
  now: number,
  settings: EmulatorSettings,
): DevicePage | undefined {
  const place = token === undefined ? { first: 0, isAfterEmpty: false } : placeAfter(batch, token)
  if (place === undefined) return undefined
  const { continuationTokenIn, totalCount } = settings
  const total = registeredCount(batch, now)
  const size = sizeOf(batch, place, settings)
  const end = Math.min(place.first + size, total)
  const devices = batch.devices.slice(place.first, end)
  const isLast = end >= total && !isFollowedByNothing(batch, devices.length, end, settings)
  const next = isLast ? undefined : tokenFor(batch, end, devices.length === 0)
  const items = devices.map((device) => toDevice(device, customer, now, settings))
  const body = {
    ...collection(items, settings),
    ...(totalCount === 'all' && { totalCount: total }),
    ...(next !== undefined && continuationTokenIn === 'body' && { continuationToken: next }),
    ...(next !== undefined && continuationTokenIn === 'links' && { links: links(path, next) }),
  }
  const header = next !== undefined && continuationTokenIn === 'header'
  return { body, headers: header ? { 'MS-ContinuationToken': next } : {} }
}

/** Where a page begins: how many devices come before it, and whether the page before it was empty. */
interface PagePlace {
  first: number
  isAfterEmpty: boolean
}

/** Pages that begin at the same place have the same size; an empty page is never followed by another. */
function sizeOf(batch: Batch, { first, isAfterEmpty }: PagePlace, { pages, seed }: EmulatorSettings): number {
  if (pages === 'full') return pageSize
  const kind = chance(seed, 'page', batch.sequence, first)
  if (kind < 0.25 && !isAfterEmpty) return 0
  if (kind > 0.6) return pageSize
  return 1 + Math.floor(chance(seed, 'page size', batch.sequence, first) * (pageSize - 1))
}

/** Whether the page with the last device is followed by an empty page. */
function isFollowedByNothing(
  batch: Batch,
  devices: number,
  end: number,
  { pages, seed }: EmulatorSettings,
): boolean {
  return pages === 'varied' && devices > 0 && chance(seed, 'last page', batch.sequence, end) < 0.3
}

/**
 * The token of the page after the first `end` devices. Like the documented tokens, it contains commas, slashes and `=`: a caller
 * must send them back unchanged.
 */
function tokenFor(batch: Batch, end: number, isAfterEmpty: boolean): string {
  const { registeredAt, sequence } = batch.devices[end - 1] ?? { registeredAt: 0, sequence: 0 }
  return `devices-${batch.sequence},${registeredAt}/${sequence}=${isAfterEmpty ? '=' : ''}`
}

function placeAfter(batch: Batch, token: string): PagePlace | undefined {
  const [, list, registeredAt, sequence, mark] =
    /^devices-(\d+),(-?\d+(?:\.\d+)?)\/(\d+)=(=?)$/.exec(token) ?? []
  if (Number(list) !== batch.sequence) return undefined
  return {
    first: countUpTo(batch.devices, Number(registeredAt), Number(sequence)),
    isAfterEmpty: mark === '=',
  }
}

/** As in the documented page of another list, including the second `?` of the example. */
function links(path: string, token: string): { self: Link; next: Link } {
  return {
    self: { uri: path, method: 'GET', headers: [] },
    next: {
      uri: `${path}?size=${pageSize}?seekOperation=Next`,
      method: 'GET',
      headers: [{ key: 'MS-ContinuationToken', value: token }],
    },
  }
}
