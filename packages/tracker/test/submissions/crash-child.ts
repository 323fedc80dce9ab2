/**
 * A worker that is killed during an upload: `before-send` after storing the request, `after-answer` when the
 * response has arrived but nothing of it is stored.
 */
import { appUser } from '@devicebatch/client/credentials'
import { emulatorCredentials } from '@devicebatch/emulator'

import { createTracker } from '../../src/index.ts'

const { database, url, crash } = JSON.parse(process.argv[2]!)
const throughServer: typeof fetch = (input, init) => {
  const { pathname, search } = new URL(input instanceof Request ? input.url : input)
  return fetch(`${url}${pathname}${search}`, init)
}
const tracker = createTracker({
  database,
  partner: {
    credential: appUser({ ...emulatorCredentials, onRefreshToken: () => {}, fetch: throughServer }),
    async fetch(input, init) {
      const isUpload = init?.method === 'POST'
      if (isUpload && crash === 'before-send') process.kill(process.pid, 'SIGKILL')
      const answer = await throughServer(input, init)
      if (isUpload && crash === 'after-answer') process.kill(process.pid, 'SIGKILL')
      return answer
    },
  },
})
await tracker.start()
