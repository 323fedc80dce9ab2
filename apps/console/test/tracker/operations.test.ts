/** The commands with which a tracker is operated. */
import { beforeAll, expect, test } from 'vitest'

import { customer, run, sample } from '../command.ts'
import { makeTracker } from './database.ts'

let onDatabase: Awaited<ReturnType<typeof makeTracker>>['tracker']
beforeAll(async () => {
  const made = await makeTracker()
  onDatabase = made.tracker
  const { code } = await tracker('submit', sample, '--customer', customer, '--batch', 'B')
  expect(code).toBe(2)
  return made.remove
})

const tracker = (...args: string[]) => onDatabase(args)
const read = async (...args: string[]) => JSON.parse((await tracker(...args, '--json')).stdout)

test('health exits with 1 when there is work and no worker, and says what to do; metrics prints OpenMetrics', async () => {
  const health = await tracker('health')
  expect(health.code).toBe(1)
  expect(health.stdout).toMatch(/^Not healthy:\n- 1 .*devicebatch tracker start/)
  expect(health.stdout).toContain('1 submission, the oldest for ')
  expect(health.stdout).toMatch(/^Webhooks +0 enabled, 0 disabled; 0 notifications pending, 0 dead$/m)
  expect(await read('health')).toMatchObject({
    exitCode: 1,
    health: { isHealthy: false, problems: [{ code: 'no-worker' }], figures: { submissions: { queued: 1 } } },
  })
  const metrics = await tracker('metrics')
  expect(metrics.code).toBe(0)
  expect(metrics.stdout).toMatch(/^# TYPE devicebatch_healthy gauge\n/)
  expect(metrics.stdout).toContain('devicebatch_submissions{state="queued"} 1\n')
  expect(metrics.stdout).toMatch(/\n# EOF\n$/)
  const other = { env: { DEVICEBATCH_DATABASE_URL: 'postgres://nobody:sesame@127.0.0.1:1/none' } }
  const unreachable = await run(['tracker', 'health'], other)
  expect(unreachable.code).toBe(1)
  expect(unreachable.stdout).toMatch(/cannot be reached.*Check that it is running/)
  expect(unreachable.stdout).not.toContain('sesame')
})

test('pause and resume take a customer or --all, and say what is paused', async () => {
  expect((await tracker('pause', '--all')).stdout).toContain('Everything is paused')
  expect((await tracker('health')).stdout).toMatch(/^Paused +everything$/m)
  expect((await tracker('pause', '--customer', customer)).code).toBe(0)
  expect((await tracker('resume', '--all')).stdout).toContain(`Paused: ${customer}.`)
  expect(await read('resume', '--customer', customer)).toMatchObject({ pauses: { customers: [] } })
  for (const wrong of [[], ['--all', '--customer', customer]]) {
    const refused = await tracker('pause', ...wrong)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('Pass either --customer or --all.')
  }
  const unknown = await tracker('pause', '--customer', '47021739-3426-40bf-9601-61b4b6d7c793')
  expect(unknown.stderr).toMatch(/neither submissions nor uploads.*devicebatch tracker list/)
})

test('settings shows and changes what all workers keep to, and refuses what is not above 0', async () => {
  expect((await tracker('settings')).stdout).toBe(
    'Requests per minute: 500 for all customers together, 120 for one\n' +
      'Ended uploads and submissions are deleted: never\nEvents are deleted: never\n',
  )
  await tracker('settings', '--partner-limit', '300', '--delete-uploads-after', '90')
  await tracker('settings', '--delete-events-after', '30')
  expect(await read('settings', '--delete-events-after', 'never')).toMatchObject({
    rateLimits: { partnerPerMinute: 300, customerPerMinute: 120 },
    retention: { endedAfterDays: 90, eventsAfterDays: null },
  })
  const before = await read('settings')
  for (const option of [
    '--partner-limit',
    '--customer-limit',
    '--delete-uploads-after',
    '--delete-events-after',
  ]) {
    for (const value of ['0', '-5', 'often']) {
      const refused = await tracker('settings', `${option}=${value}`)
      expect(refused.code).toBe(2)
      expect(refused.stderr).toMatch(new RegExp(`${option} must be .* above 0.*got "${value}"`))
    }
  }
  expect(await read('settings')).toEqual(before)
})

test('stuck lists nothing when nothing fails, and retry-now says what it needs', async () => {
  expect((await tracker('stuck')).stdout).toBe('0 failing items\n')
  expect(await read('stuck', '--reason', 'sign-in')).toMatchObject({ stuck: [] })
  expect((await tracker('stuck', '--reason', 'bad luck')).stderr).toContain('`reason` must be one of')
  expect(await read('retry-now', '--reason', 'sign-in')).toMatchObject({ submissions: 0, uploads: 0 })
  expect((await tracker('retry-now')).stderr).toContain('Pass a submission or tracking ID')
  const { submissions } = await read('list')
  const waiting = await tracker('retry-now', submissions[0].submissionId)
  expect(waiting.stderr).toMatch(/is queued and not failing/)
})

test('cancel ends a submission before it is sent, once; submit takes a priority', async () => {
  const submit = ['submit', sample, '--customer', customer, '--batch', 'B', '--priority']
  const { submissionId } = await read(...submit, 'high')
  const cancelled = await tracker('cancel', submissionId)
  expect(cancelled.stdout).toBe('41 devices will not be sent.\n')
  expect((await tracker('cancel', submissionId)).stderr).toContain('is cancelled already')
  expect((await tracker('list')).stdout).not.toContain(submissionId)
  expect((await tracker(...submit, 'urgent')).code).toBe(2)
})
