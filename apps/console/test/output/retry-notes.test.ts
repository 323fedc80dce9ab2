/** While a request is tried again, the command says in plain words what happened. */
import { PassThrough } from 'node:stream'

import type { WaitEvent } from '@devicebatch/client'
import { expect, test } from 'vitest'

import { createOutput } from '../../src/output/output.ts'
import { createProgress } from '../../src/output/progress.ts'

test.each<[WaitEvent['reason'], string]>([
  ['no-answer', 'No response arrived; trying again in 2 s.\n'],
  ['server-error', 'The service could not process the request; trying again in 2 s.\n'],
  ['retry-after', 'The service asked to wait; trying again in 2 s.\n'],
  ['throttled', 'The service has received too many requests; trying again in 2 s.\n'],
  ['held', 'The service has received too many requests; trying again in 2 s.\n'],
  ['poll', ''],
])('%s', (reason, note) => {
  const stdout = new PassThrough({ encoding: 'utf8' })
  const { observe } = createProgress(createOutput('text', { stdout, stderr: new PassThrough(), env: {} }))
  observe({ type: 'wait', reason, delayMs: 2_000, method: 'POST', path: '/customers', attempt: 1 })
  expect(stdout.read() ?? '').toBe(note)
})
