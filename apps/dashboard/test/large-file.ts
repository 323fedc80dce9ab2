/** The largest file that the dashboard takes, and how a browser sends it. */
import { request } from 'node:http'

import { maxFileBytes } from '../src/http/limits.ts'
import { customerId } from './large-database.ts'

/** A file of the largest size, each device with a hardware hash as long as those of Windows. */
export function largestFile(): Buffer {
  const row = (index: number): string =>
    `S${String(index).padStart(6, '0')},Contoso,Laptop 3,${hash.slice(0, -6)}${String(index).padStart(6, '0')}\n`
  const hash = Buffer.alloc(3_000, 'OA3').toString('base64')
  const rows = ['Device Serial Number,Manufacturer name,Device model,Hardware Hash\n']
  const count = Math.floor((maxFileBytes - rows[0]!.length) / row(0).length)
  for (let index = 0; index < count; index++) rows.push(row(index))
  return Buffer.from(rows.join(''))
}

/** The form of a new upload with this file, as a browser sends it. */
export function multipartForm(file: Buffer): { headers: Record<string, string>; body: Buffer } {
  const field = (name: string, value: string): string =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const head = Buffer.from(
    `${field('customerId', customerId)}${field('batchId', 'Large')}--x\r\nContent-Disposition: form-data; name="file"; filename="devices.csv"\r\n\r\n`,
  )
  const body = Buffer.concat([head, file, Buffer.from('\r\n--x--\r\n')])
  const headers = { 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': String(body.length) }
  return { headers, body }
}

/** Sends the form of a new upload piece by piece, as a browser does; returns the address it leads to. */
export async function sendFile(url: string, file: Buffer): Promise<string | undefined> {
  const { headers, body } = multipartForm(file)
  return await new Promise((resolve, reject) => {
    const sending = request(`${url}/uploads/check`, { method: 'POST', headers: { Origin: url, ...headers } })
    sending.on('response', (response) => {
      response.resume()
      resolve(response.headers.location)
    })
    sending.on('error', reject)
    let sent = 0
    const more = (): void => {
      while (sent < body.length) {
        const piece = body.subarray(sent, sent + 65_536)
        sent += piece.length
        if (!sending.write(piece)) return void sending.once('drain', more)
      }
      sending.end()
    }
    more()
  })
}
