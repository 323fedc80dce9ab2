/** How is the text of a device file read from any kind of source? */
import { InvalidArgumentError } from '@devicebatch/edge'

import { concat, createDecode } from './encoding-changes.ts'
import type { Decode } from './encoding-changes.ts'
import {
  createDecoder,
  findEncoding,
  longestSignature,
  refuseBinaryText,
  refuseOtherFormat,
} from './encoding.ts'

/** A device file: its text, its bytes, or a stream of either. */
export type DeviceFileContent =
  | string
  | Uint8Array
  | ReadableStream<string>
  | ReadableStream<Uint8Array>
  | AsyncIterable<string>
  | AsyncIterable<Uint8Array>

/**
 * The source of a device file: its content, or a function that opens it. The function is called a second time when the file has
 * product IDs; see `readDevices`.
 */
export type DeviceFileSource = DeviceFileContent | (() => DeviceFileContent)

/** The maximum length of a chunk, in bytes or UTF-16 code units. Much longer chunks are parsed at half the speed. */
const chunkLength = 65_536
/** The minimum length of a piece, in UTF-16 code units. */
const pieceLength = 32_768

/** A piece of a file's text. */
export interface TextPiece {
  text: string
  /** The encoding of its bytes as `TextDecoder` names it; absent when the source is text. */
  encoding?: string
}

/**
 * Yields the text of the file in pieces of at least {@link pieceLength}; the last piece, and the last one before the encoding
 * changes, may be shorter.
 *
 * Rejects with an `InvalidArgumentError` when the source is not text.
 */
export async function* readText(
  source: DeviceFileContent,
  encoding: string | undefined,
): AsyncGenerator<TextPiece> {
  let isFirst = true
  let gathered: TextPiece | undefined
  const ready = (piece: TextPiece): TextPiece => {
    if (isFirst) {
      refuseBinaryText(piece.text.slice(0, pieceLength))
      refuseOtherFormat(piece.text)
    }
    isFirst = false
    return piece
  }
  for await (const piece of decode(chunksOf(source), encoding)) {
    // A long piece is not appended to a short one, which would copy the text.
    const isApart = gathered?.encoding !== piece.encoding || piece.text.length >= pieceLength
    if (gathered && isApart) {
      yield ready(gathered)
      gathered = undefined
    }
    if (gathered) gathered.text += piece.text
    else gathered = piece
    if (gathered.text.length < pieceLength) continue
    yield ready(gathered)
    gathered = undefined
  }
  if (gathered) yield ready(gathered)
}

async function* decode(
  chunks: AsyncIterable<string | Uint8Array>,
  encoding: string | undefined,
): AsyncGenerator<TextPiece> {
  let head: Uint8Array = new Uint8Array()
  let decoder: Decode | undefined
  for await (const chunk of chunks) {
    if (typeof chunk === 'string') {
      yield { text: chunk }
    } else if (decoder) {
      yield* decoder(chunk, false)
    } else {
      head = concat(head, chunk)
      if (head.length < longestSignature) {
        // The source may use the chunk's memory again.
        head = head.slice()
        continue
      }
      decoder = decoderFor(head, encoding)
      yield* decoder(head, false)
    }
  }
  if (!decoder && head.length === 0) return
  decoder ??= decoderFor(head, encoding)
  yield* decoder(head.length < longestSignature ? head : new Uint8Array(), true)
}

/** The decoder for a file that begins with these bytes. */
function decoderFor(head: Uint8Array, encoding: string | undefined): Decode {
  const narrow = createDecoder(encoding ?? 'utf-8').encoding
  return createDecode(findEncoding(head, encoding), narrow.startsWith('utf-16') ? 'utf-8' : narrow)
}

async function* chunksOf(source: DeviceFileContent): AsyncGenerator<string | Uint8Array> {
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
  if (chunk.length <= chunkLength) return [chunk]
  return Array.from({ length: Math.ceil(chunk.length / chunkLength) }, (_, index) => {
    const [start, end] = [index * chunkLength, (index + 1) * chunkLength]
    return typeof chunk === 'string' ? chunk.slice(start, end) : chunk.subarray(start, end)
  })
}

function requireAsyncIterable(source: unknown): AsyncIterable<string | Uint8Array> {
  if (isAsyncIterable(source)) return source
  throw new InvalidArgumentError(
    `\`source\` must be a string, a Uint8Array, a ReadableStream or an AsyncIterable of strings or bytes, or a function that opens one of them; it is ${describe(source)}.`,
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

// By shape, not by `instanceof`: a value may come from another realm.
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
