/** A worker of the tracker, in a separate process that may be killed. It stops and exits when its driver requests it or exits. */
import { setTimeout as pause } from 'node:timers/promises'

import { appUser } from '@devicebatch/client/credentials'
import { emulatorCredentials } from '@devicebatch/emulator'
import { createTracker, DatabaseError } from '@devicebatch/tracker'

import type { WorkerOptions } from './processes.ts'

const { emulatorUrl, ...options } = JSON.parse(process.argv[2]!) as WorkerOptions
const tracker = createTracker({
  ...options,
  partner: {
    baseUrl: `${emulatorUrl}/v1`,
    credential: appUser({ ...emulatorCredentials, onRefreshToken: () => {}, authorityHost: emulatorUrl }),
  },
  onError: (error) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
})
const stop = async (): Promise<void> => {
  await tracker.close()
  process.disconnect?.()
}
process.once('message', () => void stop())
process.once('disconnect', () => process.exit(1))
await startOnceReachable()
process.send?.('started')

/** The database may be killed while this worker starts; its supervisor would start it again. */
async function startOnceReachable(): Promise<void> {
  for (;;) {
    try {
      return await tracker.start()
    } catch (error) {
      if (!(error instanceof DatabaseError && error.reason === 'unreachable')) throw error
      await pause(200)
    }
  }
}
