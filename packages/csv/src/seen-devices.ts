/** Which devices a file has named already. */
import type { NewDevice } from '@devicebatch/contract'

/** What an earlier row has in common with this one. */
export interface EarlierDevice {
  line: number
  /** `serialNumber` stands for serial number, manufacturer and model together. */
  field: 'hardwareHash' | 'productKey' | 'serialNumber'
}

/** Remembers the device as named on `line`; if it was named before, says where and by what. */
export type RememberDevice = (device: NewDevice, line: number) => EarlierDevice | undefined

/**
 * Two rows name the same device when they have the same hardware hash, or the same product key, or the same serial number,
 * manufacturer and model. A serial number alone is not enough: placeholders such as "Default string" are on many devices.
 *
 * Keeps a 64-bit digest and a line number for each identity of a row and no text: 12 bytes, with the free places of the table
 * 24 to 48. That two of a million different devices have the same digest has a chance of about one in 37 million.
 */
export function createDeviceMemory(): RememberDevice {
  const digest = createDigest()
  const table = createLineTable()
  return (device, line) => {
    const identities = identitiesOf(device).map(({ field, text }) => ({
      field,
      key: digest(text),
    }))
    for (const { field, key } of identities) {
      const earlier = table.get(key)
      if (earlier !== undefined) return { line: earlier, field }
    }
    for (const { key } of identities) table.set(key, line)
    return undefined
  }
}

interface Identity {
  field: EarlierDevice['field']
  text: string
}

function identitiesOf({
  hardwareHash,
  productKey,
  serialNumber,
  oemManufacturerName,
  modelName,
}: NewDevice): Identity[] {
  const identities: Identity[] = []
  if (hardwareHash) identities.push({ field: 'hardwareHash', text: hardwareHash })
  if (productKey) identities.push({ field: 'productKey', text: productKey })
  if (serialNumber && oemManufacturerName && modelName) {
    identities.push({ field: 'serialNumber', text: `${serialNumber}\n${oemManufacturerName}\n${modelName}` })
  }
  return identities
}

interface Digest {
  low: number
  high: number
}

/** A digest for finding equals, not for security. A hardware hash takes about 1 µs. */
function createDigest(): (text: string) => Digest {
  const encoder = new TextEncoder()
  let bytes = new Uint8Array(16_384)
  let words = new Int32Array(bytes.buffer)
  return (text) => {
    if (text.length * 3 > bytes.length) {
      bytes = new Uint8Array(Math.ceil((text.length * 3) / 16) * 16)
      words = new Int32Array(bytes.buffer)
    }
    const { written } = encoder.encodeInto(text, bytes)
    const end = Math.ceil(written / 16) * 4
    bytes.fill(0, written, end * 4)
    // Four words at a time, each with a state of its own, so that the processor can work on all of them at once.
    let a = 0x7feb352d ^ written
    let b = ~a
    let c = a ^ 0x85ebca6b
    let d = ~c
    for (let index = 0; index < end; index += 4) {
      a = Math.imul(a ^ words[index]!, 0x85ebca6b)
      a ^= a >>> 15
      b = Math.imul(b ^ words[index + 1]!, 0xc2b2ae35)
      b ^= b >>> 13
      c = Math.imul(c ^ words[index + 2]!, 0x9e3779b1)
      c ^= c >>> 15
      d = Math.imul(d ^ words[index + 3]!, 0x27d4eb2f)
      d ^= d >>> 13
    }
    const low = mix(mix(mix(a, b), c), d)
    return { low, high: mix(mix(mix(d ^ low, c), a), b) }
  }
}

function mix(state: number, word: number): number {
  const product = Math.imul(state ^ (state >>> 16) ^ word, 0x2545f491)
  return product ^ (product >>> 15)
}

interface LineTable {
  get(key: Digest): number | undefined
  set(key: Digest, line: number): void
}

/** A hash table with open addressing: a `Map` takes several times the memory. */
function createLineTable(): LineTable {
  let size = 0
  let capacity = 1_024
  // Three words a place: low, high, line. Line 0 marks a free one.
  let places = new Int32Array(capacity * 3)

  const find = ({ low, high }: Digest): number => {
    for (let place = low & (capacity - 1); ; place = (place + 1) & (capacity - 1)) {
      const at = place * 3
      if (places[at + 2] === 0 || (places[at] === low && places[at + 1] === high)) return at
    }
  }
  const put = (key: Digest, line: number): void => {
    const at = find(key)
    places[at] = key.low
    places[at + 1] = key.high
    places[at + 2] = line
  }
  const grow = (): void => {
    const old = places
    capacity *= 2
    places = new Int32Array(capacity * 3)
    for (let at = 0; at < old.length; at += 3) {
      if (old[at + 2] !== 0) put({ low: old[at]!, high: old[at + 1]! }, old[at + 2]!)
    }
  }
  return {
    get(key) {
      return places[find(key) + 2] || undefined
    },
    set(key, line) {
      size += 1
      if (size * 2 > capacity) grow()
      put(key, line)
    },
  }
}
