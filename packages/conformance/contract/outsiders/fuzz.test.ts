/** Valid and invalid requests, generated from the document, over HTTP: the emulator never fails and conforms to the document. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Attempt } from './arbitrary-requests.ts'
import { attempts, documentedRequest, validRequest } from './arbitrary-requests.ts'
import { operationsOf, strictDocument } from './document.ts'
import { startFuzzLab } from './fuzz-lab.ts'

const document = strictDocument()
const operations = operationsOf(document)

test.each(operations)(
  'a valid request of $operationId gets a documented response, and the documented request succeeds',
  async (operation) => {
    await using lab = await startFuzzLab(document)
    const { operationId } = operation
    const documented = await lab.ask({
      operationId,
      broken: 'nothing',
      request: documentedRequest(operation),
    })
    expect(documented).toEqual({ status: expect.toSatisfy((status) => status < 300), problems: [] })
    await fc.assert(
      fc.asyncProperty(validRequest(document, operation), async (request) => {
        lab.reset()
        expect((await lab.ask({ operationId, broken: 'nothing', request })).problems).toEqual([])
      }),
      { numRuns: 20 },
    )
  },
)

test('any request, in any order, gets a documented response and never a 500', async () => {
  await using lab = await startFuzzLab(document)
  const sequences = fc.array(attempts(document, operations), { minLength: 1, maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      lab.reset()
      for (const attempt of sequence) expect((await lab.ask(attempt)).problems).toEqual([])
    }),
    { numRuns: 60 },
  )
})

const listPolicies: Attempt = {
  operationId: 'listPolicies',
  broken: 'nothing',
  request: documentedRequest(operations.find(({ operationId }) => operationId === 'listPolicies')!),
}

test('the fuzzer reports a field that the emulator renames', async () => {
  const rename = async (answer: Response): Promise<Response> =>
    new Response((await answer.text()).replace('"name":', '"title":'), answer)
  await using lab = await startFuzzLab(document, rename)
  const { problems } = await lab.ask(listPolicies)
  expect(problems).toEqual([expect.stringContaining(`body.items.0: Response body`)])
  expect(problems[0]).toContain("found 'title'")
})

test('the fuzzer reports an emulator that fails', async () => {
  const fail = ({ headers }: Response): Response =>
    new Response('{"code":800003,"description":"It failed."}', { status: 500, headers })
  await using lab = await startFuzzLab(document, fail)
  expect((await lab.ask(listPolicies)).problems).toEqual(['listPolicies was answered 500: a failure'])
})
