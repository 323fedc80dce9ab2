/** Where the encoding changes inside a file: two exports that were appended to one another, UTF-16 and bytes. */

/** Bytes of one encoding. */
export interface Segment {
  encoding: string
  bytes: Uint8Array
}

/** Takes one chunk of bytes and returns what is certain of it, in the order of the file. */
export type Segmenter = (chunk: Uint8Array, isLast: boolean) => Segment[]

type Wide = 'utf-16le' | 'utf-16be'

/** How many bytes without a zero show that UTF-16 has ended; text of other scripts that long has few ASCII bytes. */
const narrowRun = 24
/** How much of a byte text is kept back: a byte order mark and the first half of a character may stand at its end. */
const lookBehind = 3
/** How many bytes after a zero show whether UTF-16 begins there. */
const lookAhead = 8

/**
 * Splits bytes where their encoding changes: what PowerShell 5.1 makes of a file when one command writes UTF-16 and another one
 * appends in the system's encoding, or the other way round.
 *
 * @param encoding The encoding at the beginning, as `TextDecoder` names it.
 * @param narrow The encoding of what is not UTF-16.
 */
export function createSegmenter(encoding: string, narrow: string): Segmenter {
  let current = encoding
  let pending: Uint8Array = new Uint8Array()
  /** Whether the file begins as UTF-16 without a byte order mark, for which it is refused as a whole. */
  let isUnmarked: boolean | undefined
  return (chunk, isLast) => {
    const segments: Segment[] = []
    const push = (part: Uint8Array): void => {
      if (part.length > 0) segments.push({ encoding: current, bytes: part })
    }
    isUnmarked ??= !isWide(current) && chunk.subarray(0, 2).includes(0)
    if (isUnmarked) return [{ encoding: current, bytes: chunk }]
    const isOrdinary = !isWide(current) && !chunk.includes(0) && !pending.includes(0)
    if (isOrdinary && chunk.length > lookBehind) {
      // As below, without a copy.
      const end = isLast ? chunk.length : chunk.length - lookBehind
      push(pending)
      push(chunk.subarray(0, end))
      pending = chunk.slice(end)
      return segments
    }
    let bytes = concat(pending, chunk)
    for (;;) {
      const change = isWide(current) ? findNarrow(bytes, current, isLast) : findWide(bytes, isLast)
      push(bytes.subarray(0, change.at))
      bytes = bytes.subarray(change.at)
      if (change.to === undefined) break
      current = change.to === 'narrow' ? narrow : change.to
    }
    pending = bytes.slice()
    return segments
  }
}

/** Whether this is an encoding of two bytes for each letter. */
function isWide(encoding: string): encoding is Wide {
  return encoding === 'utf-16le' || encoding === 'utf-16be'
}

/** Up to where the encoding is certain, and what follows; without `to`, the rest is kept for the next chunk. */
interface Change {
  at: number
  to?: Wide | 'narrow'
}

/** Finds where bytes become UTF-16: every other byte is zero. */
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

/** Finds where UTF-16 becomes bytes: no zero among many letters. `bytes` begins with a whole character. */
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
