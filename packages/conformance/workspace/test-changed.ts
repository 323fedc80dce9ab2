/** Runs the tests that are closest to what differs from `main`, in each package that has a difference. */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'

import { root, runCommand } from '../shared/run-command.ts'
import { chooseTests } from './changed-tests.ts'

const git = async (...args: string[]): Promise<string[]> =>
  (await runCommand(root, 'git', ...args)).split('\n').filter(Boolean)

// A clone of another branch has only the remote one.
const [main] = await git('for-each-ref', '--format=%(refname)', 'refs/heads/main', 'refs/remotes/origin/main')
if (main === undefined)
  throw new Error('There is no branch main to compare with. Run: git fetch origin main:main')
const [base] = await git('merge-base', main, 'HEAD')
const changed = [
  ...(await git('diff', '--name-only', base!)),
  ...(await git('ls-files', '--others', '--exclude-standard')),
]
const files = (await git('ls-files', '--cached', '--others', '--exclude-standard')).filter((file) =>
  existsSync(join(root, file)),
)
const tests = files.filter((file) => file.endsWith('.test.ts'))
// `npm test` runs the tests of the whole workspace, which take minutes.
const packages = globSync(['spec', 'packages/*', 'apps/*'], { cwd: root }).filter(
  (folder) => folder !== 'packages/conformance',
)
const chosen = chooseTests(changed, packages, tests)
if (chosen.length === 0) console.log('Nothing that has a test differs from main.')
for (const { folder, args } of chosen) {
  console.log(`\n${folder}: vitest run ${args.join(' ')}`)
  const { status } = spawnSync('pnpm', ['exec', 'vitest', 'run', ...args], {
    cwd: join(root, folder),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exitCode = 1
}
