/** The devices of a batch, a page at a time. */

import type { Device, Link } from '@devicebatch/contract'

import type { EmulatorSettings } from '../options.ts'
import type { Batch, CustomerState } from '../state/state.ts'
import { countUpTo, registeredCount, toDevice } from './batch-devices.ts'

const pageSize = 100

/** One page, as "Get a list of devices for the specified batch and customer" has it. */
export interface DevicePage {
  body: {
    totalCount: number
    items: Device[]
    continuationToken?: string
    links?: { self: Link; next: Link }
    attributes: { objectType: string }
  }
  headers: Record<string, string>
}

/**
 * The page after the one that gave the token, the first one without; undefined for a token that is not of this list.
 * A token stands for the last device of its page, so that deletions move nothing out of the next one.
 */
export function pageOfDevices(
  batch: Batch,
  customer: CustomerState,
  token: string | undefined,
  path: string,
  now: number,
  { continuationTokenIn }: Pick<EmulatorSettings, 'continuationTokenIn'>,
): DevicePage | undefined {
  const first = token === undefined ? 0 : placeAfter(batch, token)
  if (first === undefined) return undefined
  const total = registeredCount(batch, now)
  const end = Math.min(first + pageSize, total)
  const devices = batch.devices.slice(first, end)
  const last = devices.at(-1)
  const next = last && end < total ? tokenFor(batch, last) : undefined
  const body = {
    totalCount: total,
    items: devices.map((device) => toDevice(device, customer, now)),
    ...(next !== undefined && continuationTokenIn === 'body' && { continuationToken: next }),
    ...(next !== undefined && continuationTokenIn === 'links' && { links: links(path, next) }),
    attributes: { objectType: 'Collection' },
  }
  const header = next !== undefined && continuationTokenIn === 'header'
  return { body, headers: header ? { 'MS-ContinuationToken': next } : {} }
}

/** Commas, slashes and `=` are in the documented tokens too: a caller has to send them back as they are. */
function tokenFor(
  batch: Batch,
  { registeredAt, sequence }: { registeredAt: number; sequence: number },
): string {
  return `devices-${batch.sequence},${registeredAt}/${sequence}=`
}

/** How many devices of the list the token has left behind. */
function placeAfter(batch: Batch, token: string): number | undefined {
  const [, list, registeredAt, sequence] = /^devices-(\d+),(-?\d+(?:\.\d+)?)\/(\d+)=$/.exec(token) ?? []
  if (Number(list) !== batch.sequence) return undefined
  return countUpTo(batch.devices, Number(registeredAt), Number(sequence))
}

/** As the documented page of another list has them: the second `?` is in the example too. */
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
