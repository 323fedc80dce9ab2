/** A database whose owner creates the tables, and a role that may only use them, as a deployment has them. */
import { randomUUID } from 'node:crypto'

import { createEmulator } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, onTestFinished, test } from 'vitest'

import { emulatorEnvironment } from '../../../packages/emulator/test/environment.ts'
import { emptyDatabase, runSql } from '../../../packages/tracker/test/databases.ts'
import { runCommand, startCommand } from './run-command.ts'

test('the owner migrates, and a role that may create nothing serves the pages and works', async () => {
  const owner = (await emptyDatabase()) as string
  const role = await createRole(owner)
  const emulator = await serve({ emulator: createEmulator() })
  onTestFinished(() => emulator.close())
  const environment = { ...emulatorEnvironment(emulator), DEVICEBATCH_DATABASE_URL: role.url }

  const refused = await runCommand([], environment)
  expect(refused.stderr).toMatch(/^The database does not give this user the rights .*\n$/)
  expect({ ...refused, stderr: '' }).toEqual({ exitCode: 1, stdout: '', stderr: '' })

  const migrated = await runCommand(['migrate'], { DEVICEBATCH_DATABASE_URL: owner })
  expect(migrated.stderr).toBe('')
  expect(migrated.stdout).toMatch(/^The tables in the schema devicebatch are at version \S+\.\n$/)
  expect(migrated.exitCode).toBe(0)
  expect(await runCommand(['migrate'], { DEVICEBATCH_DATABASE_URL: owner })).toEqual(migrated)

  expect((await runCommand([], environment)).stderr).toMatch(
    /^The database does not give this user the rights/,
  )
  await runSql(owner, `${grantUse(role.name)} select 1`)
  const dashboard = startCommand([], { ...environment, DEVICEBATCH_WORKER: 'no' })
  const worker = startCommand(['worker'], environment)
  const url = await dashboard.line(/http:\S+/)
  await worker.line(/^The worker has started\.$/m)
  expect((await fetch(`${url}/`)).status).toBe(200)
  const workers = await runSql(owner, 'select name from devicebatch.workers')
  expect(workers).toHaveLength(1)
  for (const running of [dashboard, worker]) {
    running.signal('SIGTERM')
    expect((await running.ended).exitCode).toBe(0)
  }
  expect(await runSql(owner, 'select name from devicebatch.workers')).toEqual([])
})

/** A role that may connect, and nothing else. */
async function createRole(owner: string): Promise<{ name: string; url: string }> {
  const name = `role_${randomUUID().replaceAll('-', '')}`
  await runSql(owner, `create role ${name} login password 'sesame'; select 1`)
  onTestFinished(async () => void (await runSql(owner, `drop owned by ${name}; drop role ${name}; select 1`)))
  return { name, url: Object.assign(new URL(owner), { username: name, password: 'sesame' }).href }
}

function grantUse(role: string): string {
  return ['devicebatch', 'devicebatch_jobs']
    .map(
      (schema) => `grant usage on schema ${schema} to ${role};
        grant all on all tables in schema ${schema} to ${role};
        grant all on all sequences in schema ${schema} to ${role};
        grant execute on all functions in schema ${schema} to ${role};`,
    )
    .join(' ')
}
