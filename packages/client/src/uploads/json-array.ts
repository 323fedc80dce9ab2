/** A JSON array that is written item by item into one reusable buffer. */

export interface JsonArray {
  /** Adds an item: its JSON in UTF-8. Overwrites what the last {@link JsonArray.end} returned. */
  add(item: Uint8Array): void
  /** How many bytes the items take so far, including a comma for each. */
  byteCount(): number
  /** Returns the array, valid until the next item is added, and begins a new one. */
  end(): Uint8Array<ArrayBuffer>
}

const [opening, closing, comma] = ['[', ']', ','].map((sign) => sign.charCodeAt(0)) as [
  number,
  number,
  number,
]

export function createJsonArray(): JsonArray {
  let bytes = new Uint8Array(65_536)
  let length = 0
  return {
    add(item) {
      // A bracket or comma before it, and a bracket after the last.
      const needed = length + item.length + 2
      if (needed > bytes.length) {
        const larger = new Uint8Array(Math.max(needed, bytes.length * 2))
        larger.set(bytes.subarray(0, length))
        bytes = larger
      }
      bytes[length] = length === 0 ? opening : comma
      bytes.set(item, length + 1)
      length += item.length + 1
    },
    byteCount: () => length,
    end() {
      bytes[length] = closing
      const array = length === 0 ? new Uint8Array([opening, closing]) : bytes.subarray(0, length + 1)
      length = 0
      return array
    },
  }
}
