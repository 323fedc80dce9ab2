/** A worker of the tracker, in a separate process that may be killed. It stops and exits when its driver requests it or exits. */
import { appUser } from '@devicebatch/client/credentials'
import { emulatorCredentials } from '@devicebatch/emulator'
import { createTracker } from '@devicebatch/tracker'

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
await tracker.start()
process.send?.('started')
