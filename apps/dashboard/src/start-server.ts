/** Starts the dashboard, its demo or a worker alone, and stops it on a signal. */
import { useSystemNetwork } from '@devicebatch/files/network'

import { createDashboard } from './app.ts'
import { startDemo } from './demo/demo.ts'
import { EnvironmentError } from './environment/environment-error.ts'
import { readEnvironment } from './environment/environment.ts'
import { listen } from './http/listen.ts'

/**
 * Resolves once it serves pages. Rejects with an `EnvironmentError` when a setting is missing or wrong or the port cannot be bound.
 */
export async function startServer(): Promise<void> {
  const { connect, hostname, port, token, publicUrl } = readEnvironment(process.env)
  if (connect) useSystemNetwork(process.env)
  const listening = await listen(hostname, port)
  try {
    const running = connect ? await connect() : await startDemo()
    const dashboard = createDashboard({ ...running, token, publicUrl })
    listening.answerWith(dashboard.fetch)
    const note = connect ? '' : ', with a demo: nothing is sent to Microsoft'
    console.log(`The dashboard is at ${listening.url}${note}`)
    onceStopped(() => {
      dashboard.close()
      listening.close()
      void running.stop()
    })
  } catch (error) {
    listening.close()
    throw error
  }
}

/** Resolves once the worker has started. Rejects with an `EnvironmentError` when a setting is missing or wrong. */
export async function startWorker(): Promise<void> {
  const { connect } = readEnvironment(process.env)
  if (!connect)
    throw new EnvironmentError(
      'DEVICEBATCH_DATABASE_URL must be set: a worker needs the database of its dashboard.',
    )
  useSystemNetwork(process.env)
  const running = await connect({ hasWorker: true })
  console.log('The worker has started.')
  onceStopped(() => void running.stop())
}

function onceStopped(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
}
