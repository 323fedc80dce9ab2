/** express-openapi-validator runs between client and emulator, and rejects violations of our document by either side. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import { createPartnerCenter } from '@devicebatch/client'
import type { PartnerCenter } from '@devicebatch/client'
import { appUser } from '@devicebatch/client/credentials'
import openapi from '@devicebatch/contract/openapi.json' with { type: 'json' }
import type { Emulator } from '@devicebatch/emulator'
import { createEmulator, documentedUpload, emulatorCredentials } from '@devicebatch/emulator'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import express from 'express'
import { middleware } from 'express-openapi-validator'
import { expect, test } from 'vitest'

const { customerId, batchTrackingId } = documentedUpload
const device = { serialNumber: 'EMU806-1', oemManufacturerName: 'HP', modelName: 'EliteBook 840' }

test('the client reads a status, creates a batch and pages devices', async () => {
  await using lab = await startLab()
  const customer = lab.partner.customers.byId(customerId)
  expect(await customer.batchUploadStatus.byId(batchTrackingId).get()).toMatchObject({ status: 'finished' })

  const upload = await customer.deviceBatches.create({ batchId: 'Past Express', devices: [device] })
  lab.emulator.clock.advance(60_000)
  expect(await upload.get()).toMatchObject({ devicesStatus: [{ errorCode: '806' }] })

  const devices = Array.from({ length: 250 }, (_, index) => ({ serialNumber: `Express ${index}` }))
  lab.emulator.seed({ batches: [{ customerId, batchId: 'Pages', devices }] })
  const sizes: number[] = []
  for await (const page of customer.deviceBatches.byId('Pages').devices.list().pages())
    sizes.push(page.length)
  expect(sizes).toEqual([100, 100, 50])
})

test('the client finds a customer', async () => {
  await using lab = await startLab()
  const [found] = await lab.partner.customers.list({ companyName: 'Fabrikam' }).toArray()
  expect(found).toMatchObject({ id: customerId })
  expect(await lab.partner.customers.byId(customerId).get()).toMatchObject({ id: customerId })
  expect(await lab.partner.customers.relationshipRequest.get()).toHaveProperty('url')
})

test('a request that violates the document is refused before it reaches the emulator', async () => {
  await using lab = await startLab()
  const { error } = await lab.partner.api.POST('/customers/{customerId}/policies', {
    params: { path: { customerId } },
    body: { name: 'Kiosk', category: 'o_o_b_e' } as never,
  })
  expect(error).toMatchObject({ statusCode: 400, message: expect.stringContaining('policySettings') })
  expect(lab.emulator.requests.map(({ operation }) => operation)).not.toContain('createPolicy')
})

test('a response that violates the document is refused', async () => {
  await using lab = await startLab((text) => text.replace('"status":"finished"', '"state":"finished"'))
  const upload = lab.partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId)
  await expect(upload.get()).rejects.toMatchObject({
    status: 500,
    message: expect.stringContaining("must have required property 'status'"),
  })
})

interface Lab extends AsyncDisposable {
  emulator: Emulator
  partner: PartnerCenter
}

/** Starts Express with the validator in front of the emulator; `plant` changes the emulator's responses. */
async function startLab(plant: (text: string) => string = (text) => text): Promise<Lab> {
  const emulator = createEmulator({ timeScale: 0 })
  const app = express()
  app.use(express.json())
  app.use(
    middleware({
      apiSpec: structuredClone(openapi) as never,
      validateRequests: true,
      validateResponses: true,
      // The emulator checks whether there is a token.
      validateSecurity: false,
    }),
  )
  app.use(passTo(emulator, plant))
  app.use(tellError)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { fetch } = emulator
  return {
    emulator,
    partner: createPartnerCenter({
      credential: appUser({ ...emulatorCredentials, onRefreshToken: () => {}, fetch }),
      baseUrl: `http://127.0.0.1:${port}/v1`,
      retry: false,
    }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function passTo(emulator: Emulator, plant: (text: string) => string): RequestHandler {
  return async (request, response) => {
    const { method, originalUrl, headers } = request
    const body: unknown = request.body
    const answer = await emulator.fetch(`https://emulator.test${originalUrl}`, {
      method,
      headers: headers as Record<string, string>,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    response.status(answer.status)
    for (const [name, value] of answer.headers) response.setHeader(name, value)
    // The validator checks JSON only, without the byte order mark.
    const text = (await answer.text()).replace('\uFEFF', '')
    if (text === '') response.end()
    else response.json(JSON.parse(plant(text)))
  }
}

/** Express recognizes an error handler by its four parameters. */
const tellError: ErrorRequestHandler = (
  error: { status?: number; message: string },
  _request,
  response,
  _next,
) => {
  const { status = 500, message } = error
  response.status(status).json({ statusCode: status, message })
}
