/**
 * `npm run test:unkind`: what client, command and tracker report over 200 seeds of the unkind profile, compared with the
 * emulator's record; then the whole suites of client, command, tracker and dashboard with three of those seeds. `--seeds` and
 * `--suites` change the numbers.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { root } from '../../shared/run-command.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '200' }, suites: { type: 'string', default: '3' } },
})
const failed: string[] = []

if (Number(values.seeds) > 0)
  run('packages/conformance', ['--project', 'sources', 'endurance/unkind'], { UNKIND_SEEDS: values.seeds })
for (let seed = 1; seed <= Number(values.suites); seed++) {
  const env = { EMULATOR_PROFILE: 'unkind', EMULATOR_SEED: String(seed) }
  for (const folder of ['packages/client', 'apps/console', 'apps/dashboard'])
    run(folder, ['--project', 'suite'], env)
  run('packages/tracker', [], env)
}
if (failed.length > 0) {
  console.error(`\nfailed:\n${failed.join('\n')}`)
  process.exitCode = 1
}

function run(folder: string, args: string[], env: Record<string, string>): void {
  const what = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), folder].join(' ')
  console.log(`\n${what}`)
  const { status } = spawnSync('npx', ['vitest', 'run', ...args], {
    cwd: join(root, folder),
    env: { ...process.env, ...env },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) failed.push(what)
}
