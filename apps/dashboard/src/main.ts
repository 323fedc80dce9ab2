/**
 * `npm run dashboard`: without a database in the environment, the demo; otherwise the dashboard on the tracker's database. The
 * README lists the environment variables.
 */
import { isPartnerCenterError } from '@devicebatch/client'
import { SystemNetworkError, useSystemNetwork } from '@devicebatch/files/network'

import { createDashboard } from './app.ts'
import { startDemo } from './demo.ts'
import { EnvironmentError } from './environment-error.ts'
import { readEnvironment } from './environment.ts'
import { listen } from './http/listen.ts'

try {
  await run()
} catch (error) {
  if (!isExpected(error)) throw error
  console.error(error.message)
  process.exitCode = 2
}

/** Whether its message is enough for the person who started the dashboard. */
function isExpected(error: unknown): error is Error {
  return (
    error instanceof EnvironmentError || error instanceof SystemNetworkError || isPartnerCenterError(error)
  )
}

async function run(): Promise<void> {
  const { setup, hostname, port, token, publicUrl } = readEnvironment(process.env)
  if (setup) useSystemNetwork(process.env)
  const listening = await listen(hostname, port)
  try {
    const running = setup ? await setup() : await startDemo()
    const dashboard = createDashboard({ ...running, token, publicUrl })
    listening.answerWith(dashboard.fetch)
    const note = setup ? '' : ', with a demo: nothing is sent to Microsoft'
    console.log(`The dashboard is at ${listening.url}${note}`)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        dashboard.close()
        listening.close()
        void running.stop()
      })
    }
  } catch (error) {
    listening.close()
    throw error
  }
}
