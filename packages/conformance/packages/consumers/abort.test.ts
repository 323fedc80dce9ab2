/** An upload by the installed client, in a separate process, is aborted with one of the client's own errors. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { createEmulator } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, onTestFinished, test } from 'vitest'

import { wholeSnapshot } from '../../../emulator/test/whole-snapshot.ts'
import { makeProject, tokenFor } from './consumer.ts'

test('an upload aborted by the error of another call is repeated with the same request ID, and processed once', async () => {
  const emulator = createEmulator()
  const isCreation = ({ method, url }: Request) => method === 'POST' && url.endsWith('/deviceBatches')
  const arrived = Promise.withResolvers<void>()
  let creations = 0
  const server = await serve({
    emulator: {
      ...emulator,
      // Processes the first creation, and never responds to it.
      fetch: async (input, init) => {
        const request = new Request(input, init)
        const isFirst = isCreation(request) && ++creations === 1
        const response = await emulator.fetch(request)
        if (!isFirst) return response
        arrived.resolve()
        return await new Promise<never>(() => {})
      },
    },
  })
  onTestFinished(() => server.close())
  const project = await makeProject()
  const token = await tokenFor(server)
  const start = () => {
    const child = execFile(process.execPath, ['abort-upload.js', server.baseUrl, token, 'upload.json'], {
      cwd: project,
    })
    let [stdout, stderr] = ['', '']
    child.stdout!.on('data', (text) => (stdout += String(text)))
    child.stderr!.on('data', (text) => (stderr += String(text)))
    const ended = new Promise((resolve) => child.once('close', resolve)).then(() => ({ stdout, stderr }))
    return { child, ended }
  }

  const aborted = start()
  await arrived.promise
  aborted.child.stdin!.write('.')
  const first = await aborted.ended
  expect(first.stderr).toBe('')
  expect(JSON.parse(first.stdout)).toEqual({ error: 'ApiError 404', isTheReason: true })
  expect(creations).toBe(1)
  const kept = JSON.parse(await readFile(join(project, 'upload.json'), 'utf8'))
  const { requestId } = kept.chunks[0]

  const second = await start().ended
  const { customers } = wholeSnapshot(emulator)
  const uploads = customers.flatMap((one) => one.uploads).filter(({ batchId }) => batchId === 'Front desk')
  expect(uploads).toHaveLength(1)
  const { batchTrackingId } = uploads[0]!
  expect(second.stderr).toBe('')
  expect(JSON.parse(second.stdout)).toMatchObject({
    chunks: [{ requestId, repeated: true, batchTrackingId }],
  })
  const sent = emulator.requests.filter(({ operation }) => operation === 'createDeviceBatch')
  expect(sent.map(({ headers }) => headers['ms-requestid'])).toEqual([requestId, requestId])
})
