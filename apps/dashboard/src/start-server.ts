/** Starts the dashboard, or its demo, and stops it on a signal. */
import { useSystemNetwork } from '@devicebatch/files/network'

import { createDashboard } from './app.ts'
import { startDemo } from './demo/demo.ts'
import { readEnvironment } from './environment/environment.ts'
import { listen } from './http/listen.ts'

/**
 * Resolves once it serves pages. Rejects with an `EnvironmentError` when a setting is missing or wrong or the port cannot be bound.
 */
export async function startServer(): Promise<void> {
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
