/** How are devices cut into chunks? Decided device by device, so that no more than one chunk is in memory. */
import type { NewDevice } from '@devicebatch/contract'
import { InvalidArgumentError } from '@devicebatch/edge'

import { createDigest } from './digest.ts'
import type { Digest } from './digest.ts'
import { toWireDevice } from './new-device.ts'

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
  /** Its position among the devices that were handed in, from 0. */
  index: number
  /** The position of the one that was sent. */
  firstIndex: number
}

/** The devices of one request. */
export interface PlannedChunk {
  /** The position of its first device among those that were handed in, from 0. */
  fromIndex: number
  /** The position after its last one. What lies between and is not in `indexes` are duplicates. */
  toIndex: number
  /** The devices as they are sent. */
  devices: NewDevice[]
  /** Where each of them stood. */
  indexes: number[]
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
  let count = 0
  let open = startChunk(0, limits)

  const close = (toIndex: number): PlannedChunk => {
    const { digest, ...chunk } = open
    open = startChunk(toIndex, limits)
    return { ...chunk, toIndex, digest: digest.value() }
  }
  return {
    duplicates,
    count: () => count,
    add(device) {
      const index = count
      const sent = toWireDevice(device, index)
      const text = JSON.stringify(sent)
      count++
      let complete: PlannedChunk | undefined
      if (index === cutsLeft[0]) {
        cutsLeft.shift()
        complete = close(index)
      }
      const digest = createDigest()
      // A comma goes with it.
      const bytes = digest.add(text) + 1
      const firstIndex = firstIndexes.get(digest.key())
      if (firstIndex !== undefined) {
        duplicates.push({ index, firstIndex })
        return complete
      }
      firstIndexes.set(digest.key(), index)
      if (cutsLeft.length === 0) {
        if (limits.envelopeBytes + bytes > limits.bytes) throw tooLarge(index, bytes, limits)
        const isFull = open.devices.length >= limits.devices || open.bytes + bytes > limits.bytes
        if (isFull) complete = close(index)
      }
      open.devices.push(sent)
      open.indexes.push(index)
      open.bytes += bytes
      open.digest.add(digest.value())
      return complete
    },
    end: () => (open.devices.length > 0 ? close(count) : undefined),
  }
}

type OpenChunk = Omit<PlannedChunk, 'toIndex' | 'digest'> & { digest: Digest }

function startChunk(fromIndex: number, { envelopeBytes }: ChunkLimits): OpenChunk {
  return { fromIndex, devices: [], indexes: [], bytes: envelopeBytes, digest: createDigest() }
}

function tooLarge(index: number, bytes: number, { bytes: limit, envelopeBytes }: ChunkLimits): Error {
  return new InvalidArgumentError(
    `\`devices[${index}]\` takes ${bytes} bytes as JSON, and \`maxChunkBytes\` (${limit}) leaves room for ${Math.max(0, limit - envelopeBytes)}. Raise it, or check the device.`,
  )
}
