/** A tracking ID that has arrived is in the journal, however long its response takes to end: real processes and sockets. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

import { keepsConnections } from '../../../../packages/conformance/shared/patience.ts'
import { customer, deviceFile, makeFolder, emulatorEnvironment, start, startEmulator } from '../command.ts'

const batchTrackingId = '5a0f2c3e-9f0b-4d55-8a67-2f5a3e1d9b10'

/** A service that accepts uploads under this status, and whose responses to them never end. */
async function startStalling(status: number) {
  let accepted = 0
  const server = createServer(keepsConnections, (request, response) => {
    if (request.method !== 'POST') {
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ totalCount: 0, items: [] }))
      return
    }
    accepted++
    response.writeHead(status, { Location: `/customers/${customer}/batchJobStatus/${batchTrackingId}` })
    response.write('{')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { baseUrl: `http://127.0.0.1:${port}/v1`, accepted: () => accepted }
}

test.for([
  [200, 'SIGINT'],
  [201, 'SIGKILL'],
  [202, 'SIGINT'],
  [202, 'SIGKILL'],
] as const)('under %i it survives %s', async ([status, signal]) => {
  const { url } = await startEmulator()
  const { baseUrl, accepted } = await startStalling(status)
  const folder = await makeFolder()
  const csv = await folder.write('devices.csv', deviceFile('A1', 'B2'))
  const child = start(['upload', csv, '--customer', customer, '--batch', 'B'], {
    env: emulatorEnvironment({ url, baseUrl }),
  })
  const journal = async () => JSON.parse(await folder.read('devices.csv.devicebatch.json')).group.chunks
  await expect.poll(() => journal().catch(() => undefined)).toMatchObject([{ batchTrackingId }])
  child.kill(signal)
  // The first Ctrl-C waits for the response, the second exits at once.
  if (signal === 'SIGINT') setTimeout(() => child.kill(signal), 500)
  await child.run
  expect(accepted()).toBe(1)
  expect(await journal()).toMatchObject([{ batchTrackingId }])
  expect((await journal())[0]).not.toHaveProperty('repeated')
})
