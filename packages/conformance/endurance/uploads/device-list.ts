/** Device files of any size. */
import { createCipheriv } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** The serial number of a row, from 0. */
export function serialOf(index: number): string {
  return `5CG${String(index).padStart(7, '0')}`
}

/** Writes a device file; with `hashes`, each row has a unique one of 4,000 characters. */
export async function writeDeviceFile(path: string, devices: number, hashes: boolean): Promise<void> {
  // The output of a cipher: as good as random, the same every time, and fast.
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16))
  const zeros = Buffer.alloc(3_000)
  const rows = function* (): Generator<string> {
    yield 'Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\r\n'
    for (let index = 0; index < devices; index++) {
      const hash = hashes ? cipher.update(zeros).toString('base64') : ''
      yield `${serialOf(index)},,${hash},HP,HP EliteBook 840 14 inch G10 Notebook PC\r\n`
    }
  }
  await pipeline(Readable.from(rows()), createWriteStream(path))
}
