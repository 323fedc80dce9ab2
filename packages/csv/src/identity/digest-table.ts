/** Which texts were seen before? Only their digests are kept. */

/** The digest of a text: 64 bits. */
export interface Digest {
  low: number
  high: number
}

/** A digest for finding equals, not for security. A hardware hash takes about 1 µs. */
export function createDigest(): (text: string) => Digest {
  const encoder = new TextEncoder()
  let bytes = new Uint8Array(16_384)
  let words = new Int32Array(bytes.buffer)
  return (text) => {
    if (text.length * 3 > bytes.length) {
      bytes = new Uint8Array(Math.ceil((text.length * 3) / 16) * 16)
      words = new Int32Array(bytes.buffer)
    }
    const written = (text.length < 64 && writeAscii(text, bytes)) || encoder.encodeInto(text, bytes).written
    const end = Math.ceil(written / 16) * 4
    bytes.fill(0, written, end * 4)
    // A constant: the engine reads a variable of the closure anew for each word.
    const view = words
    // Four words at a time, each with its own state, so that the processor can work on them in parallel.
    let a = 0x7feb352d ^ written
    let b = ~a
    let c = a ^ 0x85ebca6b
    let d = ~c
    for (let index = 0; index < end; index += 4) {
      a = Math.imul(a ^ view[index]!, 0x85ebca6b)
      a ^= a >>> 15
      b = Math.imul(b ^ view[index + 1]!, 0xc2b2ae35)
      b ^= b >>> 13
      c = Math.imul(c ^ view[index + 2]!, 0x9e3779b1)
      c ^= c >>> 15
      d = Math.imul(d ^ view[index + 3]!, 0x27d4eb2f)
      d ^= d >>> 13
    }
    const low = mix(mix(mix(a, b), c), d)
    return { low, high: mix(mix(mix(d ^ low, c), a), b) }
  }
}

/** Same result as the encoder, but faster for short texts; 0 when the text is not pure ASCII. */
function writeAscii(text: string, bytes: Uint8Array): number {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code > 127) return 0
    bytes[index] = code
  }
  return text.length
}

function mix(state: number, word: number): number {
  const product = Math.imul(state ^ (state >>> 16) ^ word, 0x2545f491)
  return product ^ (product >>> 15)
}

/** Stores a few numbers for each digest. */
export interface DigestTable {
  /** The position of this digest's numbers in {@link numbers}; `undefined` when the digest is absent. */
  find(key: Digest): number | undefined
  /** Adds an absent digest and returns the position of its numbers, which is valid until the next one is added. */
  add(key: Digest): number
  /** The first number of each digest must not be 0. */
  numbers(): Int32Array
}

/**
 * A hash table with open addressing: a `Map` would use several times the memory.
 *
 * @param width How many numbers belong to each digest.
 */
export function createDigestTable(width: number): DigestTable {
  const step = width + 2
  let size = 0
  let capacity = 1_024
  // Low word, high word and the numbers of each slot. A first number of 0 marks a free slot.
  let places = new Int32Array(capacity * step)

  const seek = (low: number, high: number): number => {
    for (let place = low & (capacity - 1); ; place = (place + 1) & (capacity - 1)) {
      const at = place * step
      if (places[at + 2] === 0 || (places[at] === low && places[at + 1] === high)) return at
    }
  }
  const grow = (): void => {
    const old = places
    capacity *= 2
    places = new Int32Array(capacity * step)
    for (let at = 0; at < old.length; at += step) {
      if (old[at + 2] === 0) continue
      const to = seek(old[at]!, old[at + 1]!)
      for (let word = 0; word < step; word += 1) places[to + word] = old[at + word]!
    }
  }
  return {
    find({ low, high }) {
      const at = seek(low, high)
      return places[at + 2] === 0 ? undefined : at + 2
    },
    add({ low, high }) {
      size += 1
      if (size * 2 > capacity) grow()
      const at = seek(low, high)
      places[at] = low
      places[at + 1] = high
      return at + 2
    },
    numbers: () => places,
  }
}
