/** The text of a device file, whatever it comes in. */
import { InvalidArgumentError } from '@devicebatch/client'

import { createDecoder, longestSignature, refuseBinaryText } from './encoding.ts'

/** Where a device file comes from: its text, its bytes, or a stream of either. */
export type DeviceFileSource =
  | string
  | Uint8Array
  | ReadableStream<string>
  | ReadableStream<Uint8Array>
  | AsyncIterable<string>
  | AsyncIterable<Uint8Array>

/** The least length of a piece in UTF-16 code units. Much longer ones are parsed at half the speed. */
export const pieceLength = 65_536

/**
 * Yields the text of the file, without byte order mark and with `\n` at the end of each line (a `\r` before it is left there),
 * in pieces of at least {@link pieceLength}; the last one may be shorter.
 *
 * Rejects with an `InvalidArgumentError` when the source is not text.
 */
export async function* readText(
  source: DeviceFileSource,
  encoding: string | undefined,
): AsyncGenerator<string> {
  let hasOnlyCarriageReturns: boolean | undefined
  for await (let piece of gather(decode(chunksOf(source), encoding))) {
    if (hasOnlyCarriageReturns === undefined) {
      if (piece.startsWith('\uFEFF')) piece = piece.slice(1)
      const start = piece.slice(0, pieceLength)
      refuseBinaryText(start)
      hasOnlyCarriageReturns = start.includes('\r') && !start.includes('\n')
    }
    yield hasOnlyCarriageReturns ? piece.replaceAll('\r', '\n') : piece
  }
}

async function* gather(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let gathered = ''
  for await (const text of texts) {
    gathered += text
    if (gathered.length < pieceLength) continue
    yield gathered
    gathered = ''
  }
  if (gathered !== '') yield gathered
}

async function* decode(
  chunks: AsyncIterable<string | Uint8Array>,
  encoding: string | undefined,
): AsyncGenerator<string> {
  let head: Uint8Array = new Uint8Array()
  let decoder: TextDecoder | undefined
  for await (const chunk of chunks) {
    if (typeof chunk === 'string') {
      yield chunk
    } else if (decoder) {
      yield decoder.decode(chunk, { stream: true })
    } else {
      head = concat(head, chunk)
      if (head.length < longestSignature) continue
      decoder = createDecoder(head, encoding)
      yield decoder.decode(head, { stream: true })
    }
  }
  if (!decoder && head.length > 0) {
    decoder = createDecoder(head, encoding)
    yield decoder.decode(head, { stream: true })
  }
  if (decoder) yield decoder.decode()
}

async function* chunksOf(source: DeviceFileSource): AsyncGenerator<string | Uint8Array> {
  if (typeof source === 'string' || isBytes(source)) {
    for (const part of cut(source)) yield part
    return
  }
  for await (const chunk of isReadableStream(source) ? readStream(source) : requireAsyncIterable(source)) {
    for (const part of cut(chunk)) yield part
  }
}

function cut(chunk: string | Uint8Array): (string | Uint8Array)[] {
  if (typeof chunk !== 'string' && !isBytes(chunk)) {
    throw new InvalidArgumentError(
      `\`source\` must yield strings or Uint8Arrays; it yielded ${describe(chunk)}.`,
    )
  }
  if (chunk.length <= pieceLength) return [chunk]
  return Array.from({ length: Math.ceil(chunk.length / pieceLength) }, (_, index) => {
    const [start, end] = [index * pieceLength, (index + 1) * pieceLength]
    return typeof chunk === 'string' ? chunk.slice(start, end) : chunk.subarray(start, end)
  })
}

function requireAsyncIterable(source: unknown): AsyncIterable<string | Uint8Array> {
  if (isAsyncIterable(source)) return source
  throw new InvalidArgumentError(
    `\`source\` must be a string, a Uint8Array, a ReadableStream or an AsyncIterable of strings or bytes; it is ${describe(source)}.`,
  )
}

// Not every browser can iterate a ReadableStream.
async function* readStream(stream: ReadableStream<string | Uint8Array>): AsyncGenerator<string | Uint8Array> {
  const reader = stream.getReader()
  let isDone = false
  try {
    for (;;) {
      const result = await reader.read()
      if (result.done) {
        isDone = true
        return
      }
      yield result.value
    }
  } catch (error) {
    isDone = true
    throw error
  } finally {
    if (!isDone) await reader.cancel()
    reader.releaseLock()
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

// By shape and not by `instanceof`: a value may come from another realm.
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && (value as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT === 1
}

function isReadableStream(value: unknown): value is ReadableStream<string | Uint8Array> {
  return typeof (value as { getReader?: unknown } | null)?.getReader === 'function'
}

function isAsyncIterable(value: unknown): value is AsyncIterable<string | Uint8Array> {
  return typeof (value as { [Symbol.asyncIterator]?: unknown } | null)?.[Symbol.asyncIterator] === 'function'
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return typeof value === 'object' ? (value.constructor?.name ?? 'an object') : `a ${typeof value}`
}
