/** Prepares the benchmark: installs the other libraries, and builds our packages as users install them. */
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')
const modules = join(import.meta.dirname, 'node_modules')
/** What the last of them is built from, and itself. */
const packages = ['contract', 'edge', 'client', 'csv']

interface Manifest {
  name: string
  version: string
  dependencies?: Record<string, string>
  publishConfig: { exports: unknown }
}

/**
 * Installs and builds into `node_modules` of this folder, where our own packages stay until the process ends; returns the
 * version of each peer.
 */
export async function prepare(): Promise<Record<string, string>> {
  // If they stayed there, the type check of the workspace would use them, even when outdated.
  process.once('exit', () => rmSync(join(modules, '@devicebatch'), { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  await run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], { cwd: import.meta.dirname })
  await run('turbo', ['run', 'build', '--filter', '@devicebatch/csv...'], {
    cwd: root,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  })
  await Promise.all(packages.map(install))
  const { dependencies } = await readManifest(import.meta.dirname)
  const versions: Record<string, string> = {}
  for (const name of Object.keys(dependencies!)) {
    versions[name] = (await readManifest(join(modules, name))).version
  }
  return versions
}

async function install(name: string): Promise<void> {
  const source = join(root, 'packages', name)
  const manifest = await readManifest(source)
  const target = join(modules, manifest.name)
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (!dependency.startsWith('@devicebatch/')) await checkVersion(source, dependency)
  }
  await mkdir(target, { recursive: true })
  const { version, publishConfig } = manifest
  const installed = { name: manifest.name, version, type: 'module', sideEffects: false, ...publishConfig }
  await writeFile(join(target, 'package.json'), JSON.stringify(installed))
  await cp(join(source, 'dist'), join(target, 'dist'), { recursive: true })
}

/** The benchmark has its own installation; its versions must match those that the workspace tests. */
async function checkVersion(source: string, dependency: string): Promise<void> {
  const [here, there] = await Promise.all([
    readManifest(join(modules, dependency)),
    readManifest(join(source, 'node_modules', dependency)),
  ])
  if (here.version === there.version) return
  throw new Error(
    `The benchmark has ${dependency} ${here.version}, the workspace ${there.version}. Set it in packages/conformance/bench/package.json and run \`pnpm install\` there.`,
  )
}

async function readManifest(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Manifest
}
