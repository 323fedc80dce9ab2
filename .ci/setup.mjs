// Makes a fresh clone ready with nothing but Node >= 20 and npm: `node .ci/setup.mjs demo` installs what `npm start`
// runs, `dashboard` what `npm run dashboard` runs, and `all` what the tools and tests need as well. Runs before anything is installed, so it
// imports nothing. A second run with an unchanged lockfile does nothing and needs no network.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const scope = process.argv[2]
const filters = {
  demo: ['--prod', '--filter', '.', '--filter', 'devicebatch...'],
  dashboard: ['--prod', '--filter', '.', '--filter', '@devicebatch/dashboard...'],
  all: [],
}[scope]
if (!filters) throw new Error(`Expected "demo", "dashboard" or "all", got ${JSON.stringify(scope)}.`)

const stampFile = join(root, 'node_modules', '.devicebatch-setup')
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'pnpm-lock.yaml')))
  .digest('hex')
const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : ''

if (stamp !== `all ${lock}` && stamp !== `${scope} ${lock}`) {
  const { pnpm } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies
  console.error(`Installing what is needed (${scope}), once …`)
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'
  execFileSync(
    npx,
    [
      '-y',
      `pnpm@${pnpm}`,
      'install',
      '--frozen-lockfile',
      '--prefer-offline',
      '--loglevel=error',
      ...filters,
    ],
    {
      cwd: root,
      // Standard output belongs to the command that follows.
      stdio: ['ignore', process.stderr, 'inherit'],
      shell: process.platform === 'win32',
    },
  )
  writeFileSync(stampFile, `${scope} ${lock}`)
}
