/** How are devices cut into chunks? Decided device by device, so that no more than one chunk is in memory. */
import type { NewDevice } from '@devicebatch/contract'
import { InvalidArgumentError } from '@devicebatch/edge'

import { toWireDevice } from '../resources/new-device.ts'
import { createDigest } from './digest.ts'
import { createJsonArray } from './json-array.ts'
import type { SentRow } from './settle.ts'

/** How large a chunk may become. */
export interface ChunkLimits {
  /** How many devices, from 1. */
  devices: number
  /** How many bytes of JSON, `envelopeBytes` included. */
  bytes: number
  /** What of the bytes is taken by that which stands around the devices. */
  envelopeBytes: number
}

/** A device that was left out, because an earlier one is the same in everything that is sent. */
export interface DuplicateDevice {
  /** Its position among the devices that were passed, from 0. */
  index: number
  /** The position of the one that was sent. */
  firstIndex: number
}

/** The devices of one request. */
export interface PlannedChunk {
  /** The position of its first device among those that you passed, from 0. */
  fromIndex: number
  /** The position after its last one. What lies between and is not in `rows` are duplicates. */
  toIndex: number
  /** Where each of its devices stood, and what it can be recognized by. */
  rows: SentRow[]
  /**
   * The devices as they are sent, a JSON array in UTF-8. Only there until the planner is given the next device: devices are
   * kept as bytes and in one place, for hundreds of megabytes go through here.
   */
  json: Uint8Array<ArrayBuffer>
  /** The size of the request's body at most. */
  bytes: number
  /** Stands for the devices. */
  digest: string
}

/** Takes devices one after another, in their order. */
export interface ChunkPlanner {
  /**
   * Adds a device, and returns the chunk that is complete before it. Throws `InvalidArgumentError` when nothing identifies
   * the device, or it is too large for any chunk.
   */
  add(device: NewDevice): PlannedChunk | undefined
  /** The last chunk; `undefined` when nothing is left. */
  end(): PlannedChunk | undefined
  /** How many devices were added. */
  count(): number
  /** Those that were left out so far. */
  readonly duplicates: DuplicateDevice[]
}

/**
 * Makes a planner. The first chunks end at the positions `cuts`, whatever their size: an upload that goes on must send what
 * it sent before. All later ones are cut by the limits.
 *
 * Of each device a digest of 64 bits is kept: that two of a million different ones have the same has a chance of about one
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
  /** The device that came when the chunk was complete: it waits until that one is dealt with. */
  let waiting: { device: NewDevice; index: number } | undefined

  const names = new Map<string, string>()
  /** The same text once: devices have few manufacturers and models, each of them thousands of times. */
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
