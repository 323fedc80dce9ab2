/** While the largest file is processed, everything else continues. */
import { request as rawRequest } from 'node:http'

import { expect, onTestFinished, test } from 'vitest'

import { maxFileBytes } from '../src/http/limits.ts'
import { customerId, request, startDashboard } from './helpers.ts'
import type { TestDashboard } from './helpers.ts'

/** A file of the largest size, each device with a hardware hash as long as those of Windows. */
function largestFile(): Buffer {
  const row = (index: number): string =>
    `S${String(index).padStart(6, '0')},Contoso,Laptop 3,${hash.slice(0, -6)}${String(index).padStart(6, '0')}\n`
  const hash = Buffer.alloc(3_000, 'OA3').toString('base64')
  const rows = ['Device Serial Number,Manufacturer name,Device model,Hardware Hash\n']
  const count = Math.floor((maxFileBytes - rows[0]!.length) / row(0).length)
  for (let index = 0; index < count; index++) rows.push(row(index))
  return Buffer.from(rows.join(''))
}

/** Sends the form of a new upload piece by piece, as a browser does; returns the address it leads to. */
async function send({ port, url }: TestDashboard, file: Buffer): Promise<string | undefined> {
  const field = (name: string, value: string): string =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const head = Buffer.from(
    `${field('customerId', customerId)}${field('batchId', 'Large')}--x\r\nContent-Disposition: form-data; name="file"; filename="devices.csv"\r\n\r\n`,
  )
  const body = Buffer.concat([head, file, Buffer.from('\r\n--x--\r\n')])
  return await new Promise((resolve, reject) => {
    const sending = rawRequest({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/uploads/check',
      headers: {
        Origin: url,
        'Content-Type': 'multipart/form-data; boundary=x',
        'Content-Length': body.length,
      },
    })
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

/** The largest share of this thread's work that nothing else could interrupt. It does not depend on the speed of the machine. */
async function largestShare<Result>(work: () => Promise<Result>): Promise<{ result: Result; share: number }> {
  const now = (): number => {
    const { user, system } = process.threadCpuUsage()
    return user + system
  }
  let isOver = false
  let [longest, total, before] = [0, 0, now()]
  const measure = (): void => {
    const at = now()
    longest = Math.max(longest, at - before)
    total += at - before
    before = at
    if (!isOver) setImmediate(measure)
  }
  setImmediate(measure)
  const result = await work()
  isOver = true
  return { result, share: longest / total }
}

test('the largest file is read, checked and submitted in many small slices, and an open stream stays live', async () => {
  const dashboard = await startDashboard()
  const leave = new AbortController()
  onTestFinished(() => leave.abort())
  const events = await fetch(`${dashboard.url}/events`, { signal: leave.signal })
  const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader()
  const file = largestFile()

  const checking = await largestShare(() => send(dashboard, file))
  const location = checking.result!
  expect(await (await request(dashboard, location)).text()).toContain('Upload 12,')
  const submitting = await largestShare(() => request(dashboard, location, { method: 'POST' }))
  const submission = submitting.result.headers.get('Location')!
  expect(submission).toMatch(/^\/submissions\//)
  expect(checking.share).toBeLessThan(0.15)
  expect(submitting.share).toBeLessThan(0.25)

  let text = ''
  while (!text.includes(submission.slice('/submissions/'.length))) text += (await reader.read()).value ?? ''
})
