import { logEvents } from '@devicebatch/edge'
import { expect, test } from 'vitest'

import {
  customerId,
  finished,
  partner,
  refusesConnection,
  rejection,
  statusPath,
  text,
  thrown,
} from './helpers.ts'

const line = (rest: string): RegExp =>
  new RegExp(
    `^GET /customers/{customerId}/batchJobStatus/{batchTrackingId} ${rest}, request [\\da-f-]{36}\\)$`
      .replaceAll(/[{}]/g, '\\$&')
      .replace('\\{36\\}', '{36}'),
  )

test('one line is logged per attempt, without tokens or customer IDs', async () => {
  const lines: string[] = []
  const observe = logEvents({ log: (line) => lines.push(line) })
  const retry = { baseDelayMs: 1 }
  await partner([text(503, 'secret-token'), finished], { observe, retry }).call(statusPath)
  await rejection(partner(refusesConnection, { observe, retry: false }).call(statusPath))
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatch(line('503 in \\d+ ms \\(attempt 1'))
  expect(lines[1]).toMatch(line('200 in \\d+ ms \\(attempt 2'))
  expect(lines[2]).toMatch(line('no response \\(connection\\) in \\d+ ms \\(attempt 1'))
  expect(lines.join()).not.toMatch(new RegExp(`secret-token|${customerId}`))
})

test('a logger without a `log` method, which would log nothing, is refused', () => {
  for (const wrong of [undefined, console.log, {}]) {
    expect(thrown(() => logEvents(wrong as never))).toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/^`logger` must have a log\(line\) method, as `console` has; got /),
    })
  }
})
