/**
 * `npm run walk`: acts out the first hour of somebody with only Node, npm and git. Clones the last commit into an empty folder and
 * runs the root scripts there with an empty home directory and empty caches: the demo, the dashboard, both again without a network,
 * then the others, each with its shortest setting, and `npm test` last.
 *
 * Given script names (`npm run walk bench test:uploads`), it runs only those, each as the first in its own clone.
 */
import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { root } from '../shared/run-command.ts'
import { readScripts, shortest } from '../workspace/root-scripts.ts'

/** A new user with an empty home directory, and a clone. */
interface Newcomer {
  home: string
  clone: string
}

/** Linux: in a network with only this machine. */
const offline =
  spawnSync('unshare', ['-n', 'true']).status === 0
    ? ['unshare', '-n', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']
    : undefined

const names = process.argv.slice(2)
if (names.length > 0) {
  for (const name of names) await asNewcomer((newcomer) => runScript(newcomer, name))
} else {
  await asNewcomer(async (newcomer) => {
    const first = ['start', 'dashboard']
    for (const name of first) await runScript(newcomer, name)
    if (offline) for (const name of first) await runScript(newcomer, name, offline)
    else console.log('Without "unshare", this cannot check that a second run needs no network.')
    const others = Object.keys(readScripts()).filter((name) => !first.includes(name) && name !== 'test')
    for (const name of [...others, 'test']) await runScript(newcomer, name)
  })
}

async function asNewcomer(walk: (newcomer: Newcomer) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'devicebatch-walk-'))
  const newcomer = { home: join(directory, 'home'), clone: join(directory, 'devicebatch') }
  try {
    mkdirSync(newcomer.home)
    await run(newcomer, directory, ['git', 'clone', '--quiet', root, newcomer.clone])
    await walk(newcomer)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Runs a root script with its shortest setting; the walk ends with the first that fails. */
async function runScript(newcomer: Newcomer, name: string, before: readonly string[] = []): Promise<void> {
  const args = Object.hasOwn(shortest, name) ? shortest[name] : []
  if (args === undefined) return
  const command = [...before, 'npm', 'run', name, ...(args.length > 0 ? ['--', ...args] : [])]
  await run(newcomer, newcomer.clone, command, name === 'dashboard' ? showsItsFirstPage : hasEnded)
}

async function run(
  { home }: Newcomer,
  cwd: string,
  command: readonly string[],
  isDone: (child: ChildProcess) => Promise<number | null> = hasEnded,
): Promise<void> {
  const start = performance.now()
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    cwd,
    env: emptyEnvironment(home),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  child.stdout.pipe(process.stdout)
  const exitCode = await isDone(child)
  const name = command.join(' ')
  if (exitCode !== 0) throw new Error(`"${name}" exited with ${exitCode}.`)
  console.log(`\n✓ ${name}: ${Math.round((performance.now() - start) / 1000)} s\n`)
}

async function hasEnded(child: ChildProcess): Promise<number | null> {
  const [exitCode] = (await once(child, 'close')) as [number | null]
  return exitCode
}

/** It prints that it is listening once the page is there; then it is stopped, as by Ctrl-C. */
async function showsItsFirstPage(child: ChildProcess): Promise<number | null> {
  const ended = hasEnded(child)
  const listens = new Promise<undefined>((resolve) => {
    child.stdout!.on('data', (text) => {
      if (String(text).includes('The dashboard is at http://')) resolve(undefined)
    })
  })
  const exitCode = await Promise.race([ended, listens])
  if (exitCode !== undefined) return exitCode ?? 1
  process.kill(-child.pid!, 'SIGINT')
  await ended
  return 0
}

/** The environment without the settings of this workspace, npm and the user, except for network access. */
function emptyEnvironment(home: string): NodeJS.ProcessEnv {
  const kept =
    /^(path|lang|term|tmpdir|temp|systemroot|.*_proxy|node_extra_ca_certs|ssl_cert_file|npm_config_registry)$/i
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name)))
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return { ...env, PATH: path.join(delimiter), HOME: home, USERPROFILE: home }
}
