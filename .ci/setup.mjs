/**
 * Sets up a fresh clone. All it needs is Node 20+ and npm, so it imports nothing that must be installed first.
 *
 * `node .ci/setup.mjs all` installs everything, `demo` what `npm start` needs, and `dashboard` what `npm run dashboard`
 * needs. Each scope adds to those that earlier runs installed; what is there is not installed again.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const onWindows = process.platform === 'win32'

/** Where to find the Node that the lockfile pins: with everything else, or alone. */
const pinnedNodes = ['.', '.ci/node'].map((folder) =>
  join(root, folder, 'node_modules/node/bin', onWindows ? 'node.exe' : 'node'),
)

const lockfile = join(root, 'pnpm-lock.yaml')

/** pnpm's record of what it installed: the same text as the lockfile once everything is installed. */
const installedLockfile = join(root, 'node_modules/.pnpm/lock.yaml')

/** Our record of the installed scopes, with the digest of their lockfile. */
const stampFile = join(root, 'node_modules/.devicebatch-setup')

/** What pnpm installs for each scope; `all` selects every package and every kind of dependency. */
const filters = {
  demo: ['--filter', 'devicebatch...'],
  dashboard: ['--filter', '@devicebatch/dashboard...'],
  node: ['--filter', '@devicebatch/node'],
}

/** @param {string | undefined} scope */
export function setUp(scope) {
  if (scope !== 'demo' && scope !== 'dashboard' && scope !== 'all') {
    throw new Error(`Expected "demo", "dashboard" or "all", got ${JSON.stringify(scope)}.`)
  }
  const lock = readFileSync(lockfile)
  if (existsSync(installedLockfile) && lock.equals(readFileSync(installedLockfile))) return
  const digest = createHash('sha256').update(lock).digest('hex')
  const installed = readStamp()
  const wanted = new Set([...installed.scopes, scope, ...(canRunSources() ? [] : ['node'])])
  const scopes = wanted.has('all') ? ['all'] : [...wanted]
  if (installed.digest === digest && scopes.every((one) => installed.scopes.includes(one))) return
  console.error(`Installing what is needed (${scopes.join(', ')}), once …`)
  install(scopes)
  writeFileSync(stampFile, [digest, ...scopes].join(' '))
}

/** The Node that runs the sources: the pinned one if it is installed, otherwise the current one. */
export function nodeForSources() {
  return pinnedNodes.find((node) => existsSync(node)) ?? process.execPath
}

/** Whether this Node runs TypeScript without a flag. */
function canRunSources() {
  return Boolean(process.features.typescript)
}

/** What earlier runs installed, and from which lockfile. */
function readStamp() {
  if (existsSync(stampFile)) {
    const [digest, ...scopes] = readFileSync(stampFile, 'utf8').split(' ')
    return { digest, scopes }
  }
  // A manual `pnpm install` leaves no stamp. If the lockfile has changed since, everything must be installed again.
  return { digest: undefined, scopes: existsSync(join(root, 'node_modules/.bin/turbo')) ? ['all'] : [] }
}

/** @param {string[]} scopes */
function install(scopes) {
  const { pnpm } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies
  // Without a list of packages, pnpm installs all of them.
  const selection = scopes.includes('all') ? [] : ['--prod', ...scopes.flatMap((scope) => filters[scope])]
  const { status, error } = spawnSync(
    onWindows ? 'npx.cmd' : 'npx',
    [
      '-y',
      `pnpm@${pnpm}`,
      'install',
      '--frozen-lockfile',
      '--prefer-offline',
      '--loglevel=error',
      // Checking every locked version against our policies takes minutes of network requests. CI does so for each change.
      ...(isCI() ? [] : ['--trust-lockfile']),
      ...selection,
    ],
    {
      cwd: root,
      // Standard output is for the command that follows.
      stdio: ['ignore', process.stderr, 'inherit'],
      env: { ...process.env, npm_config_update_notifier: 'false' },
      shell: onWindows,
    },
  )
  if (error) throw error
  if (status === 0) return
  console.error(
    'The installation failed; its own message is above. It needs a connection to the npm registry.',
  )
  process.exit(1)
}

function isCI() {
  return !['', '0', 'false'].includes(process.env.CI ?? '')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp(process.argv[2])
