/** Starts the dashboard, its demo or a worker alone, and stops it on a signal. */
import { setTimeout as sleep } from 'node:timers/promises'

import { useSystemNetwork } from '@devicebatch/files/network'

import { createDashboard } from './app.ts'
import { startDemo } from './demo/demo.ts'
import { EnvironmentError } from './environment/environment-error.ts'
import { readEnvironment } from './environment/environment.ts'
import { checkIssuer } from './environment/openid.ts'
import { listen } from './http/listen.ts'
import { logProblemsToConsole, logToConsole } from './log.ts'

/**
 * Resolves once it serves pages. Rejects with an `EnvironmentError` when a setting is missing or wrong or the port cannot be bound.
 */
export async function startServer(): Promise<void> {
  const { connect, hostname, port, token, openId, metricsToken, publicUrl } = readEnvironment(process.env)
  if (connect) useSystemNetwork(process.env)
  if (openId) await checkIssuer(openId, logToConsole)
  const listening = await listen(hostname, port)
  try {
    const running = connect ? await connect() : await startDemo()
    const dashboard = createDashboard({
      ...running,
      token,
      openId,
      metricsToken,
      publicUrl,
      log: connect ? logToConsole : logProblemsToConsole,
    })
    listening.answerWith(dashboard.fetch)
    onceStopped(async (signal) => {
      dashboard.drain()
      // Ctrl-C is for now; a supervisor's signal leaves a load balancer the time to notice.
      if (signal === 'SIGTERM' && connect) await sleep(drainMs)
      await listening.close()
      dashboard.close()
      await running.stop()
    })
    const note = connect ? '' : ', with a demo: nothing is sent to Microsoft'
    console.log(`The dashboard is at ${listening.url}${note}`)
  } catch (error) {
    listening.closeNow()
    throw error
  }
}

/** How long `/readyz` says that the dashboard is stopping before the port is closed. */
const drainMs = 1_000

/** Resolves once the worker has started. Rejects with an `EnvironmentError` when a setting is missing or wrong. */
export async function startWorker(): Promise<void> {
  const { connect } = readEnvironment(process.env)
  if (!connect)
    throw new EnvironmentError(
      'DEVICEBATCH_DATABASE_URL must be set: a worker needs the database of its dashboard.',
    )
  useSystemNetwork(process.env)
  const running = await connect({ hasWorker: true })
  onceStopped(() => running.stop())
  console.log('The worker has started.')
}

/** Stops at the first signal; a second one ends the process at once. */
function onceStopped(stop: (signal: NodeJS.Signals) => Promise<void>): void {
  const first = (signal: NodeJS.Signals): void => {
    for (const name of signals) process.removeListener(name, first)
    void stop(signal)
  }
  for (const name of signals) process.on(name, first)
}

const signals = ['SIGINT', 'SIGTERM'] as const
