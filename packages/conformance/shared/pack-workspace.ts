/**
 * Creates the packages as users get them, once for all tests that use them from outside: versioned, built and packed in a copy
 * of the workspace, then installed by npm in a folder outside it.
 */
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { applyChangesets } from './changesets.ts'
import { root, runCommand } from './run-command.ts'

/** The source folder of each published package. */
export const published = {
  '@devicebatch/contract': 'packages/contract',
  '@devicebatch/edge': 'packages/edge',
  '@devicebatch/client': 'packages/client',
  '@devicebatch/csv': 'packages/csv',
  '@devicebatch/emulator': 'packages/emulator',
  '@devicebatch/files': 'packages/files',
  '@devicebatch/tracker': 'packages/tracker',
  '@devicebatch/dashboard': 'apps/dashboard',
  devicebatch: 'apps/console',
} as const

export type PublishedName = keyof typeof published

/** Those that are only commands: nothing can be imported from them. */
export const commands: readonly PublishedName[] = ['@devicebatch/dashboard', 'devicebatch']

/** Those that can be imported. */
export const libraries = (Object.keys(published) as PublishedName[]).filter(
  (name) => !commands.includes(name),
)

/** The folders and files that packing created, by their absolute paths. */
export interface PackedWorkspace {
  /** The copy of the workspace, with new versions and everything built. */
  copy: string
  /** The tarballs that npm would get, by package. */
  tarballs: Record<PublishedName, string>
  /** A folder outside the workspace with all packages in its `node_modules`. */
  installed: string
}

/** Packs the workspace into `directory`, which exists and is empty. */
export async function packWorkspace(directory: string): Promise<PackedWorkspace> {
  const copy = join(directory, 'workspace')
  const installed = installedIn(directory)
  await copyWorkspace(copy)
  // Setup has already installed from this lockfile, and checking it again would need the network. The store may have been pruned since.
  const fromStore = ['--prefer-offline', '--frozen-lockfile', '--trust-lockfile', '--ignore-scripts']
  await runCommand(copy, 'pnpm', 'install', ...fromStore)
  await applyChangesets(copy)
  const filters = Object.keys(published).map((name) => `--filter=${name}`)
  // `npm run check` checks the types; to do so here as well would take half of the time.
  await runCommand(copy, 'pnpm', ...filters, '--workspace-concurrency=2', 'run', 'build', '--noCheck')
  const tarballs = {} as PackedWorkspace['tarballs']
  for (const [name, folder] of Object.entries(published) as [PublishedName, string][]) {
    tarballs[name] = await packPackage(join(copy, folder), join(directory, 'tarballs', folder))
  }
  await mkdir(installed)
  await writeFile(join(installed, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const install = (source: string) =>
    runCommand(installed, 'npm', 'install', source, '--no-audit', '--no-fund', ...Object.values(tarballs))
  // Uses npm's cache after the first run, so that the tests need no network.
  await install('--offline').catch(() => install('--prefer-offline'))
  return { copy, tarballs, installed }
}

/** The folder with all packages in its `node_modules`, given the folder that the workspace was packed into. */
export function installedIn(directory: string): string {
  return join(directory, 'installed')
}

/** Packs one built package into an empty folder. Resolves with the path of the tarball. */
export async function packPackage(folder: string, target: string): Promise<string> {
  await runCommand(folder, 'pnpm', 'pack', '--pack-destination', target)
  const [tarball] = (await readdir(target)).filter((name) => name.endsWith('.tgz'))
  return join(target, tarball!)
}

/** Everything that git would commit. */
async function copyWorkspace(target: string): Promise<void> {
  const listed = await runCommand(root, 'git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
  for (const file of new Set(listed.split('\0').filter(Boolean))) {
    // A file whose deletion is not committed yet is still listed.
    if (existsSync(join(root, file))) await cp(join(root, file), join(target, file), { recursive: true })
  }
}
