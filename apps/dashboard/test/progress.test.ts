/** The bar that shows the outcomes of an upload's devices. */
import { expect, test } from 'vitest'

import { messagesOf } from '../src/language/translate.ts'
import { progress } from '../src/pages/components.ts'

test('the bar shows what is done at the left and what is open at the right', async () => {
  const counts = { total: 10, succeeded: 2, alreadyRegistered: 2, failed: 2, unresolved: 2, pending: 2 }
  const bar = String(await progress(messagesOf('en'), { counts, state: 'tracking' }))
  const parts = [...bar.matchAll(/<rect\s+class="([a-z-]+)"\s+x="([\d.]+)"/g)]
  expect(parts.map(([, outcome, x]) => `${outcome} ${x}`)).toEqual([
    'succeeded 0.00',
    'already-registered 20.00',
    'failed 40.00',
    'unresolved 60.00',
    'pending 80.00',
  ])
})
