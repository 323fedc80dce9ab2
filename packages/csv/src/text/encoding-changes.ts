/** How are bytes decoded when the encoding changes within a file, as in exports appended to one another? */
import { createDecoder } from './encoding.ts'

/** Text that was decoded from bytes of one encoding. */
export interface DecodedText {
  text: string
  encoding: string
}

/** Decodes one chunk of bytes and returns the text whose encoding is certain, in file order. */
export type Decode = (chunk: Uint8Array, isLast: boolean) => DecodedText[]

type Wide = 'utf-16le' | 'utf-16be'

/** How many bytes without a zero show that UTF-16 has ended; text in other scripts of that length has few ASCII bytes. */
const narrowRun = 24
/** How many bytes are held back: a chunk may end with a byte order mark and the first half of a character. */
const lookBehind = 3
/** How many bytes after a zero show whether UTF-16 begins there. */
const lookAhead = 8

/**
 * Decodes bytes, each stretch in its own encoding: PowerShell 5.1 creates files in which UTF-16 follows the system's encoding,
 * or vice versa, when one command writes a file and another appends to it.
 *
 * @param first The encoding at the beginning, as `TextDecoder` names it.
 * @param narrow The encoding of all stretches that are not UTF-16.
 */
export function createDecode(first: string, narrow: string): Decode {
  let decoder = createDecoder(first)
  let pending: Uint8Array = new Uint8Array()
  /** Whether the file begins as UTF-16 without a byte order mark; such a file is refused as a whole. */
  let isUnmarked: boolean | undefined

  const decode = (bytes: Uint8Array): DecodedText => ({
    text: decoder.decode(bytes, { stream: true }),
    encoding: decoder.encoding,
  })
  /** The fast path of nearly all chunks: no zero in the text, where it is found faster than in the bytes. */
  const decodeOrdinary = (chunk: Uint8Array): DecodedText[] | undefined => {
    const end = keptBack(chunk)
    const start = decoder.decode(pending, { stream: true })
    const text = decoder.decode(chunk.subarray(0, end), { stream: true })
    if (start.includes('\0') || text.includes('\0')) {
      decoder = createDecoder(decoder.encoding)
      return undefined
    }
    pending = chunk.slice(end)
    const { encoding } = decoder
    return [
      { text: start, encoding },
      { text, encoding },
    ]
  }
  return (chunk, isLast) => {
    isUnmarked ??= !isWide(decoder.encoding) && chunk.subarray(0, 2).includes(0)
    if (isUnmarked) return [decode(chunk)]
    const ordinary =
      !isLast && !isWide(decoder.encoding) && chunk.length > 2 * lookBehind && decodeOrdinary(chunk)
    if (ordinary) return ordinary.filter(({ text }) => text !== '')
    const texts: DecodedText[] = []
    let bytes = concat(pending, chunk)
    for (;;) {
      const { encoding } = decoder
      const change = isWide(encoding) ? findNarrow(bytes, encoding, isLast) : findWide(bytes, isLast)
      texts.push(decode(bytes.subarray(0, change.at)))
      bytes = bytes.subarray(change.at)
      if (change.to === undefined) break
      texts.push({ text: decoder.decode(), encoding })
      decoder = createDecoder(change.to === 'narrow' ? narrow : change.to)
    }
    pending = bytes.slice()
    if (isLast) texts.push({ text: decoder.decode(), encoding: decoder.encoding })
    return texts.filter(({ text }) => text !== '')
  }
}

/** Where the tail of a chunk begins that is decoded with the next chunk: never within a UTF-8 character. */
function keptBack(chunk: Uint8Array): number {
  let end = chunk.length - lookBehind
  while (end > chunk.length - 2 * lookBehind && (chunk[end]! & 0xc0) === 0x80) end -= 1
  return end
}

/** Whether this encoding uses two bytes per code unit. */
function isWide(encoding: string): encoding is Wide {
  return encoding === 'utf-16le' || encoding === 'utf-16be'
}

/** Up to where the encoding is certain, and which one follows; without `to`, the rest is held back for the next chunk. */
interface Change {
  at: number
  to?: Wide | 'narrow'
}

/** Finds where a byte encoding changes to UTF-16: every other byte is zero. */
function findWide(bytes: Uint8Array, isLast: boolean): Change {
  for (let zero = bytes.indexOf(0); zero !== -1; zero = bytes.indexOf(0, zero + 1)) {
    if (!isLast && bytes.length < zero + lookAhead) return { at: Math.max(0, zero - lookBehind) }
    if (bytes[zero + 1] === 0 || bytes[zero + 2] !== 0 || bytes[zero + 3] === 0) continue
    if (bytes[zero - 3] === 0xff && bytes[zero - 2] === 0xfe) return { at: zero - 3, to: 'utf-16le' }
    if (bytes[zero - 2] === 0xfe && bytes[zero - 1] === 0xff) return { at: zero - 2, to: 'utf-16be' }
    const endsLine = bytes[zero - 1] === 0x0a || bytes[zero - 1] === 0x0d
    return endsLine || zero === 0 ? { at: zero, to: 'utf-16be' } : { at: zero - 1, to: 'utf-16le' }
  }
  return { at: isLast ? bytes.length : Math.max(0, bytes.length - lookBehind) }
}

/** Finds where UTF-16 changes to a byte encoding: many bytes without a zero. `bytes` begins with a whole character. */
function findNarrow(bytes: Uint8Array, encoding: Wide, isLast: boolean): Change {
  let start = 0
  for (let index = 0; index < bytes.length; index += 1) {
    if (bytes[index] === 0) start = index + 1
    else if ((index + 1 - start) % narrowRun === 0 && isMostlyAscii(bytes.subarray(start, index + 1))) {
      return { at: start + (start % 2), to: 'narrow' }
    }
  }
  const at = start + (start % 2)
  if (!isLast) return { at: start - (start % 2) }
  const isLine = at === 0 || bytes[encoding === 'utf-16le' ? at - 2 : at - 1] === 0x0a
  return isLine && bytes.length - at > 1 && isMostlyAscii(bytes.subarray(at))
    ? { at, to: 'narrow' }
    : { at: bytes.length }
}

function isMostlyAscii(bytes: Uint8Array): boolean {
  let count = 0
  for (const byte of bytes) {
    if ((byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09) count += 1
  }
  return count >= bytes.length * 0.8
}

/** Both, one after the other. */
export function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
