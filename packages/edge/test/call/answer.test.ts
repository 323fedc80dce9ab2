import { getBatchUploadStatus } from '@devicebatch/edge'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { Answer } from '../helpers.ts'
import { json, moveTime, partner, rejection, text, upload } from '../helpers.ts'

beforeEach(moveTime)
afterEach(() => vi.useRealTimers())

const read = (answer: Answer) => getBatchUploadStatus(partner(answer, { retry: false }).call, upload)

test('a 304 is an error that says why: nothing is cached here', async () => {
  expect(await rejection(read(text(304, null)))).toMatchObject({
    code: 'response',
    status: 304,
    isRetryable: false,
    message: expect.stringContaining('nothing is cached here. Do not send If- headers.'),
  })
})

test('every status from 200 to 299 is a success', async () => {
  expect(await read(json(299, { status: 'queued' }))).toEqual({ status: 'queued' })
})

test("a text that is not JSON has the parser's error as its cause", async () => {
  const { cause } = await rejection(read(text(200, '{"status": oops}')))
  expect(cause).toMatchObject({ name: 'SyntaxError', message: expect.stringContaining('JSON') })
})

test("the parser's error is left out when it could quote the token", async () => {
  const error = await rejection(read(text(200, 'Bearer secret-token is not JSON')))
  expect(error).toMatchObject({ code: 'response' })
  expect(error.cause).toBeUndefined()
})
