/** Prism runs between client and emulator and checks every request and every response against our document. */
import { createPartnerCenter } from '@devicebatch/client'
import type { PartnerCenter } from '@devicebatch/client'
import { appUser } from '@devicebatch/client/credentials'
import type { Emulator, EmulatorQuirks } from '@devicebatch/emulator'
import { createEmulator, documentedUpload, emulatorCredentials } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, test } from 'vitest'

import type { Arguments } from './calls.ts'
import { calls } from './calls.ts'
import type { Operation } from './document.ts'
import { documentedArguments, operationsOf, strictDocument } from './document.ts'
import type { Violation } from './prism.ts'
import { startPrism, violationsIn } from './prism.ts'
import { runScenario } from './scenario.ts'

const operations = operationsOf(strictDocument())

const { customerId } = documentedUpload
/** In the emulator, the documented device is in a different batch than the one used elsewhere in the documentation. */
const batchId = 'testbatch'
/** A policy that the documented requests use but no documented response contains. */
const policy = { customerId, id: '15a04610-9229-4e80-94e0-0e826a09c9e2', name: 'Kiosk' }

/** Where the emulator must differ from its defaults, and why. */
const exceptions = [
  {
    quirks: { bom: false },
    reason: 'Prism reads responses with node-fetch, which rejects JSON that starts with a byte order mark.',
  },
]

test.each<[string, EmulatorQuirks]>([
  ['with its defaults', {}],
  [
    'with every quirk switched',
    {
      batchAttributes: true,
      batchStatusTellsErrors: true,
      yearOneTimes: false,
      policyCounter: 'both',
      continuationTokenIn: 'links',
      deduplicate: false,
    },
  ],
  ['with page tokens in a header', { continuationTokenIn: 'header', policyCounter: 'devicesAssignedCount' }],
])(
  'client and emulator follow the document in every operation, with the emulator %s',
  async (_name, quirks) => {
    await using lab = await startLab(quirks)
    await runScenario(lab.partner, lab.emulator)
    expect(lab.violations).toEqual([])
    const used = new Set(lab.emulator.requests.map(({ operation }) => operation))
    const unused = operations.map(({ operationId }) => operationId).filter((id) => !used.has(id))
    expect(unused, 'scenario.ts calls every operation').toEqual([])
  },
)

test('without the exception for the byte order mark, Prism cannot read the emulator', async () => {
  await using lab = await startLab({ bom: true })
  const list = lab.partner.customers.byId(customerId).deviceBatches.list()
  await expect(list.toArray()).rejects.toMatchObject({ status: 500 })
  expect(lab.emulator.requests.at(-1)).toMatchObject({ operation: 'listDeviceBatches', status: 200 })
})

const renamed: [Operation['operationId'], from: string, to: string][] = [
  ['getBatchUploadStatus', 'devicesStatus', 'deviceStatuses'],
  ['listDeviceBatches', 'devicesCount', 'numberOfDevices'],
  ['listDevices', 'serialNumber', 'serial'],
  ['updateDevice', 'uploadedDate', 'uploaded'],
  ['listPolicies', 'policySettings', 'settings'],
  ['createPolicy', 'createdDate', 'created'],
  ['getPolicy', 'devicesAssigned', 'assigned'],
  ['updatePolicy', 'lastModifiedDate', 'modified'],
  ['listCustomers', 'companyName', 'name'],
  ['getCustomer', 'customDomains', 'domains'],
  ['getRelationshipRequest', 'attributes', 'about'],
]

test('a field is renamed in every operation whose response has a body', () => {
  const withBody = operations
    .filter(({ responses }) => responses['200'])
    .map(({ operationId }) => operationId)
  expect(renamed.map(([operationId]) => operationId).toSorted()).toEqual(withBody.toSorted())
})

test.each(renamed)(
  'a field that the emulator renames in %s is reported: %s',
  async (operationId, from, to) => {
    const rename = async (answer: Response): Promise<Response> => {
      const text = (await answer.text()).replaceAll(`"${from}":`, `"${to}":`)
      return new Response(text || null, answer)
    }
    await using lab = await startLab({}, { answer: rename })
    await lab.call(operationId)
    const [violation] = lab.violations
    expect(violation).toMatchObject({
      operation: operationId,
      location: expect.arrayContaining(['response']),
    })
    expect(violation!.message).toContain(`'${to}'`)
  },
)

test('an error whose description the emulator renames is reported', async () => {
  const rename = async (answer: Response): Promise<Response> =>
    new Response((await answer.text()).replace('"description"', '"text"'), answer)
  await using lab = await startLab({}, { answer: rename })
  lab.emulator.faults.add({ operation: 'listPolicies', effect: { kind: 'answer', status: 403 } })
  await lab.call('listPolicies')
  expect(lab.violations.map(({ message }) => message).join()).toContain("'description'")
})

test('an upload that is accepted without a Location is reported', async () => {
  const answer = (given: Response): Response => {
    const headers = new Headers(given.headers)
    headers.delete('Location')
    return new Response(given.body, { status: given.status, headers })
  }
  await using lab = await startLab({}, { answer })
  await lab.call('createDeviceBatch')
  expect(lab.violations).toMatchObject([{ operation: 'createDeviceBatch', location: ['response', 'header'] }])
  expect(lab.violations[0]!.message).toContain("'location'")
})

test.each(['MS-RequestId', 'MS-CorrelationId', 'Authorization'])(
  'a client that drops %s is reported',
  async (header) => {
    const request = (given: Request): void => given.headers.delete(header)
    await using lab = await startLab({}, { request })
    await lab.call('getBatchUploadStatus')
    const [violation] = lab.violations
    expect(violation).toMatchObject({ operation: 'getBatchUploadStatus' })
    expect(JSON.stringify(violation)).toMatch(
      header === 'Authorization' ? /security/ : new RegExp(header, 'i'),
    )
  },
)

test.each(operations.filter(({ body }) => body))(
  'a client that sends an invented property in $operationId is reported',
  async ({ operationId }) => {
    const request = async (given: Request): Promise<Request> => {
      const body = (await given.text()).replace('{', '{"invented":1,')
      return new Request(given, { method: given.method, body })
    }
    await using lab = await startLab({}, { request })
    await lab.call(operationId)
    expect(lab.violations).toMatchObject([{ operation: operationId }])
    expect(lab.violations[0]!.message).toContain("'invented'")
  },
)

interface Lab extends AsyncDisposable {
  emulator: Emulator
  partner: PartnerCenter
  /** What Prism found so far, with the operation in which it found it. */
  violations: (Violation & { operation: string | undefined })[]
  /** Makes the documented call of an operation, whatever the result. */
  call(operationId: Operation['operationId']): Promise<void>
}

/** Deliberate errors: in the client's requests, before Prism sees them, or in the emulator's responses. */
interface Planted {
  request?: (request: Request) => Request | void | Promise<Request>
  answer?: (answer: Response) => Response | Promise<Response>
}

async function startLab(quirks: EmulatorQuirks, planted: Planted = {}): Promise<Lab> {
  const excepted = Object.assign({}, ...exceptions.map((exception) => exception.quirks))
  const emulator = createEmulator({ quirks: { ...excepted, ...quirks }, timeScale: 0 })
  const { answer: plantAnswer = (answer: Response) => answer } = planted
  const planting: Emulator = {
    ...emulator,
    fetch: async (input, init) => plantAnswer(await emulator.fetch(input, init)),
  }
  const server = await serve({ emulator: planting })
  const proxy = await startPrism(strictDocument(), server.url)
  const violations: Lab['violations'] = []
  const partner = createPartnerCenter({
    // The sign-in is not in the document and bypasses Prism.
    credential: appUser({ ...emulatorCredentials, onRefreshToken: () => {}, fetch: emulator.fetch }),
    baseUrl: proxy.baseUrl,
    applicationName: 'Conformance',
    locale: 'de-DE',
    validateMfa: true,
    retry: false,
    // A 429 is one of the responses that the scenario checks.
    rateLimit: false,
    async fetch(input, init) {
      const request = new Request(input, init)
      const answer = await fetch((await planted.request?.(request)) ?? request)
      const { operation } = emulator.requests.at(-1) ?? {}
      violations.push(...violationsIn(answer).map((violation) => ({ ...violation, operation })))
      return answer
    },
  })
  return {
    emulator,
    partner,
    violations,
    async call(operationId) {
      emulator.seed({ policies: [policy] })
      const operation = operations.find((one) => one.operationId === operationId)!
      const given = documentedArguments(operation) as unknown as Arguments
      const customer = partner.customers.byId(customerId)
      await calls[operationId](customer, { ...given, batchId }, partner).catch(() => undefined)
    },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      await server.close()
    },
  }
}
