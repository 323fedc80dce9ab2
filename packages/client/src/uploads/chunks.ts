/** How are devices split into chunks? Decided device by device, so that at most one chunk is in memory. */
import type { NewDevice } from '@devicebatch/contract'
import { InvalidArgumentError } from '@devicebatch/edge'

import { toWireDevice } from '../resources/new-device.ts'
import { createDigest } from './digest.ts'
import { createJsonArray } from './json-array.ts'
import type { SentRow } from './settle.ts'

/** How large a chunk may be. */
export interface ChunkLimits {
  /** How many devices, from 1. */
  devices: number
  /** How many bytes of JSON, `envelopeBytes` included. */
  bytes: number
  /** How many of the bytes the rest of the body takes. */
  envelopeBytes: number
}

/** A device that was left out, because an earlier one is identical in everything that is sent. */
export interface DuplicateDevice {
  /** Its position among the devices that you passed, from 0. */
  index: number
  /** The position of the one that was sent. */
  firstIndex: number
}

/** The devices of one request. */
export interface PlannedChunk {
  /** The position of its first device among those that you passed, from 0. */
  fromIndex: number
  /** The position after its last one. Devices in between that are not in `rows` are duplicates. */
  toIndex: number
  /** The position and the identifiers of each of its devices. */
  rows: SentRow[]
  /**
   * The devices as they are sent, a JSON array in UTF-8. Valid only until the planner gets the next device: all chunks share one
   * buffer, because hundreds of megabytes pass through here.
   */
  json: Uint8Array<ArrayBuffer>
  /** The maximum size of the request's body. */
  bytes: number
  /** A digest of the devices. */
  digest: string
}

/** Takes devices one after another, in their order. */
export interface ChunkPlanner {
  /**
   * Adds a device, and returns the chunk that was completed before it, if any. Throws `InvalidArgumentError` if nothing
   * identifies the device, or if it is too large for any chunk.
   */
  add(device: NewDevice): PlannedChunk | undefined
  /** The last chunk; `undefined` if nothing is left. */
  end(): PlannedChunk | undefined
  /** How many devices were added. */
  count(): number
  /** The devices that were left out so far. */
  readonly duplicates: DuplicateDevice[]
}

/**
 * Makes a planner. The first chunks end at the positions `cuts`, whatever their size: a resumed upload must send what it sent
 * before. The limits apply to all later chunks.
 *
 * It keeps a 64-bit digest of each device. The chance that two of a million different devices have the same digest is about one
 * in 37 million.
 */
export function createChunkPlanner(limits: ChunkLimits, cuts: readonly number[] = []): ChunkPlanner {
  const firstIndexes = new Map<string, number>()
  const duplicates: DuplicateDevice[] = []
  const cutsLeft = [...cuts]
  const json = createJsonArray()
  let count = 0
  let fromIndex = 0
  let rows: SentRow[] = []
  let digest = createDigest()
  /** The device that did not fit into the completed chunk: the first of the next one. */
  let waiting: { device: NewDevice; index: number } | undefined

  const names = new Map<string, string>()
  /** Keeps equal texts once: thousands of devices share a few manufacturers and models. */
  const share = (name: string | null | undefined): string | undefined => {
    if (!name) return undefined
    if (!names.has(name)) names.set(name, name)
    return names.get(name)
  }

  const close = (toIndex: number): PlannedChunk => {
    const bytes = limits.envelopeBytes + json.byteCount()
    const chunk = { fromIndex, toIndex, rows, json: json.end(), bytes, digest: digest.value() }
    fromIndex = toIndex
    rows = []
    digest = createDigest()
    return chunk
  }
  const take = (device: NewDevice, index: number): PlannedChunk | undefined => {
    const own = createDigest()
    const text = own.add(JSON.stringify(device))
    const firstIndex = firstIndexes.get(own.key())
    if (firstIndex !== undefined) {
      duplicates.push({ index, firstIndex })
      return undefined
    }
    const room = limits.bytes - limits.envelopeBytes
    if (cutsLeft.length === 0) {
      if (text.length + 1 > room) throw tooLarge(index, text.length + 1, room, limits)
      const isFull = rows.length >= limits.devices || json.byteCount() + text.length + 1 > room
      if (isFull) {
        waiting = { device, index }
        return close(index)
      }
    }
    firstIndexes.set(own.key(), index)
    json.add(text)
    digest.add(own.value())
    const { serialNumber, productKey } = device
    const [oemManufacturerName, modelName] = [share(device.oemManufacturerName), share(device.modelName)]
    rows.push({ index, serialNumber, productKey, oemManufacturerName, modelName })
    return undefined
  }
  const takeWaiting = (): void => {
    const { device, index } = waiting ?? {}
    waiting = undefined
    if (device) take(device, index!)
  }
  return {
    duplicates,
    count: () => count,
    add(device) {
      takeWaiting()
      const index = count
      const sent = toWireDevice(device, index)
      count++
      if (index !== cutsLeft[0]) return take(sent, index)
      cutsLeft.shift()
      waiting = { device: sent, index }
      return close(index)
    },
    end() {
      takeWaiting()
      return rows.length > 0 ? close(count) : undefined
    },
  }
}

function tooLarge(index: number, bytes: number, room: number, { bytes: limit }: ChunkLimits): Error {
  return new InvalidArgumentError(
    `\`devices[${index}]\` takes ${bytes} bytes as JSON, and \`maxChunkBytes\` (${limit}) leaves room for ${Math.max(0, room)}. Raise it, or check the device.`,
  )
}
