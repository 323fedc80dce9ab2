/** How do devices become chunks? They are read one by one, and compared with what an earlier run sent. */
import type { NewDevice } from '@devicebatch/contract'
import { InvalidArgumentError } from '@devicebatch/edge'
import { withinLimit } from '@devicebatch/edge/internal'

import { checkDeviceList } from '../resources/new-device.ts'
import type { ChunkPlanner, PlannedChunk } from './chunks.ts'
import type { UploadChunk } from './saved-upload.ts'

/** A chunk, and its saved state if it was sent before. */
export interface ReadChunk {
  planned: PlannedChunk
  saved: UploadChunk | undefined
}

/**
 * Reads the devices and yields each chunk as soon as it is complete. Rejects with `InvalidArgumentError` if there are none, or
 * if they are not the devices that were sent before.
 */
export async function* readChunks(
  devices: Iterable<NewDevice> | AsyncIterable<NewDevice>,
  planner: ChunkPlanner,
  sent: readonly UploadChunk[],
  signal: AbortSignal | null | undefined,
): AsyncGenerator<ReadChunk, void, undefined> {
  const saved = [...sent]
  let at = 0
  const compare = (planned: PlannedChunk): ReadChunk => ({
    planned,
    saved: checkSame(saved[at], planned, at++),
  })
  for await (const device of readUntilAborted(devices, signal)) {
    const complete = planner.add(device)
    if (complete) yield compare(complete)
  }
  const last = planner.end()
  if (last) yield compare(last)
  const count = planner.count()
  if (count === 0) throw new InvalidArgumentError('`devices` must contain at least one device.')
  const expected = saved.at(-1)?.toIndex ?? 0
  if (count < expected) throw otherDevices(`there were at least ${expected}, and now there are ${count}`)
}

/** Checks the devices of an array up front; throws what {@link readChunks} would reject with halfway. */
export function checkDevices(devices: readonly NewDevice[], planner: ChunkPlanner): void {
  checkDeviceList(devices)
  // Not `forEach`, which skips the holes of an array.
  for (const device of devices) planner.add(device)
}

function checkSame(
  saved: UploadChunk | undefined,
  { toIndex, digest }: PlannedChunk,
  at: number,
): UploadChunk | undefined {
  if (!saved || (saved.toIndex === toIndex && saved.digest === digest)) return saved
  throw otherDevices(
    `those of request ${at + 1}, positions ${saved.fromIndex} to ${saved.toIndex - 1}, differ`,
  )
}

function otherDevices(difference: string): Error {
  return new InvalidArgumentError(
    `\`devices\` do not match those of \`resume\`: ${difference}. Pass the same devices in the same order, or upload these without \`resume\`.`,
  )
}

/** The devices, until the signal is aborted, without waiting for a source that hangs. */
async function* readUntilAborted(
  devices: Iterable<NewDevice> | AsyncIterable<NewDevice>,
  signal: AbortSignal | null | undefined,
): AsyncGenerator<NewDevice, void, undefined> {
  if (!(Symbol.asyncIterator in devices)) {
    for (const device of devices) {
      signal?.throwIfAborted()
      yield device
    }
    return
  }
  const iterator = devices[Symbol.asyncIterator]()
  const next = async (): Promise<IteratorResult<NewDevice>> => iterator.next()
  let isOpen = true
  try {
    for (;;) {
      const { done, value } = await (signal ? withinLimit(next, Infinity, signal, () => undefined) : next())
      if (done) {
        isOpen = false
        return
      }
      yield value
    }
  } finally {
    const closed = isOpen && Promise.resolve(iterator.return?.()).catch(() => {})
    if (!signal?.aborted) await closed
  }
}
