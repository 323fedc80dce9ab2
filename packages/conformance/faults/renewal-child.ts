/** One call whose token is due for a renewal that never completes. Started by leftovers.test.ts. */
import { createPartnerFetch } from '@devicebatch/edge'

import { reportLast } from '../shared/child.ts'

const origin = process.argv[2]!
let requests = 0
const partnerFetch = createPartnerFetch({
  baseUrl: `${origin}/v1`,
  credential: {
    getToken() {
      const now = Date.now()
      if (++requests > 1) return new Promise(() => {})
      return Promise.resolve({
        token: 'first',
        expiresOnTimestamp: now + 3_600_000,
        refreshAfterTimestamp: now,
      })
    },
  },
})
await partnerFetch('/')
await partnerFetch('/')
reportLast({ requests })
