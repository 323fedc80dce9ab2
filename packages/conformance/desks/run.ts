/**
 * `npm run test:desks`: the tests of the command's output in several time zones and languages; each of them uses terminals of 60, 80
 * and 200 columns. `--tests` names the tests, as the beginnings of their paths.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { root } from '../shared/run-command.ts'

const { values } = parseArgs({
  options: {
    tests: {
      type: 'string',
      multiple: true,
      default: ['test/output', 'test/resources', 'test/status', 'test/upload', 'test/doctor'],
    },
  },
})
const failed: string[] = []
for (const TZ of ['UTC', 'Asia/Kolkata', 'America/St_Johns']) {
  for (const LANG of ['C', 'tr_TR.UTF-8']) {
    console.log(`\nTZ=${TZ} LANG=${LANG}`)
    const { LC_ALL: _, ...env } = process.env
    const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'suite', ...values.tests], {
      cwd: join(root, 'apps/console'),
      env: { ...env, TZ, LANG },
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
    if (status !== 0) failed.push(`TZ=${TZ} LANG=${LANG}`)
  }
}
if (failed.length > 0) {
  console.error(`\nfailed:\n${failed.join('\n')}`)
  process.exitCode = 1
}
