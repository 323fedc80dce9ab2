/** Is a tracker healthy? Decided from its figures alone. */
import type { TrackerFigures, WebhookFigures } from './figures.ts'

/** What is wrong, and what to do about it. */
export interface HealthProblem {
  /**
   * - `'database-unreachable'`: the database cannot be used.
   * - `'no-worker'`: there is work, and no worker.
   * - `'worker-gone'`: a worker ended without closing.
   * - `'polls-overdue'`: uploads are polled late, although workers run.
   * - `'sign-in'`: signing in to Partner Center fails.
   * - `'webhook-disabled'`: a webhook gets no notifications, because its receiver no longer exists.
   * - `'notifications-dead'`: notifications were given up within the last 24 hours.
   */
  code:
    | 'database-unreachable'
    | 'no-worker'
    | 'worker-gone'
    | 'polls-overdue'
    | 'sign-in'
    | 'webhook-disabled'
    | 'notifications-dead'
  /** What is wrong, and how to fix it. */
  message: string
}

/** A poll that has been due for longer waits for more than a job that was lost, which is sent again within two minutes. */
const overdueMs = 5 * 60_000

/** The problems, worst first. Paused work waits on purpose, so that a pause is none. */
export function findProblems(figures: TrackerFigures): HealthProblem[] {
  const { queues, failures, workers, webhooks } = figures
  const problems: HealthProblem[] = []
  const isAlive = workers.some((worker) => worker.isAlive)
  const work = describeWork(figures)
  if (!isAlive && work.length > 0) {
    problems.push({
      code: 'no-worker',
      message: `${work.join(', ')} cannot continue, because no worker is running. Start one: devicebatch tracker start, or tracker.start().`,
    })
  }
  const signIn = failures.filter(({ isSignIn, isRetried }) => isSignIn && isRetried)
  if (signIn.length > 0) {
    const count = signIn.reduce((sum, one) => sum + one.count, 0)
    problems.push({
      code: 'sign-in',
      message:
        `${count === 1 ? '1 submission or upload waits' : `${count} submissions and uploads wait`} for a sign-in (${[...new Set(signIn.map(({ reason }) => reason))].join(', ')}). ` +
        "Renew it, then retry them: devicebatch tracker retry-now --reason sign-in, or tracker.retryNow({ reason: 'sign-in' }).",
    })
  }
  if (isAlive && queues.polls.oldestDueMs > overdueMs) {
    problems.push({
      code: 'polls-overdue',
      message:
        `The oldest due poll is ${Math.round(queues.polls.oldestDueMs / 60_000)} minutes late. Check the workers' errors and ` +
        'the rate limits, or start more workers.',
    })
  }
  const gone = workers.filter((worker) => !worker.isAlive)
  if (gone.length > 0) {
    problems.push({
      code: 'worker-gone',
      message:
        `${gone.length === 1 ? 'A worker' : `${gone.length} workers`} ended without closing: ${gone.map(({ name, seenAt }) => `${name} (last seen ${seenAt})`).join(', ')}. ` +
        'The other workers take over its work. It is listed for a day.',
    })
  }
  return [...problems, ...findWebhookProblems(webhooks)]
}

/** What only a worker can finish, due or not: without one, what waits for its next try waits forever. */
function describeWork({ queues, submissions, uploads, webhooks }: TrackerFigures): string[] {
  const kinds = [
    { name: 'submission', count: submissions.queued + submissions.uploading - queues.submissions.paused },
    { name: 'upload', count: uploads.tracking - queues.polls.paused },
    // A pause does not hold these back.
    { name: 'notification', count: webhooks.reduce((sum, { pending }) => sum + pending, 0) },
  ]
  return kinds
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count} ${name}${count === 1 ? '' : 's'}`)
}

function findWebhookProblems(webhooks: readonly WebhookFigures[]): HealthProblem[] {
  const problems: HealthProblem[] = []
  const disabled = webhooks.filter(({ isDisabled }) => isDisabled).map(({ name }) => name)
  if (disabled.length > 0) {
    problems.push({
      code: 'webhook-disabled',
      message:
        `${disabled.length === 1 ? `The webhook ${disabled[0]} is` : `The webhooks ${disabled.join(', ')} are`} disabled, because the ` +
        'receiver responded with 410. Set it again or remove it: devicebatch tracker webhooks add or remove, or setWebhook() or ' +
        'removeWebhook().',
    })
  }
  // Those of a disabled webhook cannot be sent again before it is set.
  const dead = webhooks.filter(({ isDisabled, deadWithinADay }) => !isDisabled && deadWithinADay > 0)
  if (dead.length > 0) {
    problems.push({
      code: 'notifications-dead',
      message:
        `${dead.reduce((sum, one) => sum + one.deadWithinADay, 0)} notifications were given up within the last 24 hours: ` +
        `${dead.map(({ name, deadWithinADay }) => `${deadWithinADay} to ${name}`).join(', ')}. Fix the receiver, and send them again: ` +
        'devicebatch tracker webhooks deliveries --state dead lists them, webhooks redeliver or redeliverNotification() sends one.',
    })
  }
  return problems
}
