/**
 * The server side of the suite, one process for each run and the same for every runtime: emulators, foreign servers that record
 * what reached them, and addresses where nothing listens. Everything is on 127.0.0.1, each on its own port. It prints its address
 * and exits when its standard input ends.
 */
import { once } from 'node:events'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { EmulatorOptions } from '@devicebatch/emulator'
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'

import { freePort } from '../shared/free-port.ts'
import { keepsConnections } from '../shared/patience.ts'
import type { WatchedEmulator } from './judge.ts'
import { watchEmulator } from './judge.ts'
import type { EmulatorAddress, ForeignRequest, LabAnswers } from './lab.ts'

const makers: Record<keyof LabAnswers, (body: string) => Promise<LabAnswers[keyof LabAnswers]>> = {
  '/emulator': startEmulator,
  '/violations': findViolations,
  '/foreign': startForeignServer,
  '/nobody': async () => ({ origin: `http://127.0.0.1:${await freePort()}` }),
}

/** By their addresses. */
const emulators = new Map<string, WatchedEmulator>()

console.log(await listen(answer))
process.stdin.resume().once('close', () => process.exit())

function answer(request: IncomingMessage, response: ServerResponse): void {
  allowEverywhere(request, response)
  const make = makers[request.url as keyof LabAnswers]
  if (request.method === 'OPTIONS') response.end()
  else {
    readBody(request)
      .then(make)
      .then(
        (made) => response.end(JSON.stringify(made)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
  }
}

async function startEmulator(body: string): Promise<EmulatorAddress> {
  const options = JSON.parse(body) as EmulatorOptions
  // Without this permission, a browser would hide every response from the tests.
  const emulator = watchEmulator(createEmulator({ ...options, cors: true }))
  const { url, baseUrl } = await serve({ emulator })
  emulators.set(url, emulator)
  return { url, baseUrl, credentials: emulatorCredentials }
}

async function findViolations(body: string): Promise<string[]> {
  const { url } = JSON.parse(body) as { url: string }
  return await emulators.get(url)!.violations()
}

/** A third party's server. It accepts anything from any page, and lists the received requests at `/_requests`. */
async function startForeignServer(): Promise<{ origin: string }> {
  const requests: ForeignRequest[] = []
  const origin = await listen((request, response) => {
    allowEverywhere(request, response)
    readBody(request)
      .then((body) => {
        const { method = '', url: path = '', headers } = request
        if (path === '/_requests') response.end(JSON.stringify(requests))
        else {
          requests.push({ method, path, headers: headers as Record<string, string>, body })
          response.setHeader('content-type', 'application/json').end('{"status":"finished","items":[]}')
        }
      })
      .catch(() => response.destroy())
  })
  return { origin }
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(keepsConnections, listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const part of request.setEncoding('utf8')) body += part
  return body
}

/** Pages of every origin may send every header and read every response. */
function allowEverywhere({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
  response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? '*')
}
