/**
 * `npm run walk`: what somebody meets who has nothing but Node, npm and git. Clones what is committed into an empty folder, and
 * runs the README's two commands there with an empty home and empty caches. Its first program on Node, Deno and Bun, installed
 * into empty folders, is part of the second.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { root } from '../shared/run-command.ts'

const directory = mkdtempSync(join(tmpdir(), 'devicebatch-walk-'))
const [home, clone] = [join(directory, 'home'), join(directory, 'devicebatch')]
try {
  mkdirSync(home)
  walk(directory, 'git', 'clone', '--quiet', root, clone)
  walk(clone, 'npm', 'start')
  walk(clone, 'npm', 'test')
} finally {
  rmSync(directory, { recursive: true, force: true })
}

/** Runs one command of the walk; the walk ends with the first that fails. */
function walk(cwd: string, command: string, ...args: string[]): void {
  const name = [command, ...args].join(' ')
  const start = performance.now()
  const { status } = spawnSync(command, args, { cwd, env: emptyEnvironment(), stdio: 'inherit' })
  if (status !== 0) throw new Error(`"${name}" ended with ${status}.`)
  console.log(`\n✓ ${name}: ${Math.round((performance.now() - start) / 1000)} s\n`)
}

/** Without what this workspace, npm and the user have set, but for how the network is reached. */
function emptyEnvironment(): NodeJS.ProcessEnv {
  const kept =
    /^(path|lang|term|tmpdir|temp|systemroot|.*_proxy|node_extra_ca_certs|ssl_cert_file|npm_config_registry)$/i
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name)))
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return { ...env, PATH: path.join(delimiter), HOME: home, USERPROFILE: home }
}
