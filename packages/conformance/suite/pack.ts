/**
 * Lays the packages out as npm would: built, packed and unpacked into a folder `node_modules`. The suite imports them from
 * there, so that what it shows of a runtime is shown of the JavaScript that users get, with the exports that users get.
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { packPackage } from '../packed/pack-workspace.ts'
import { root, runCommand } from '../packed/run-command.ts'

const names = ['contract', 'edge', 'client', 'csv']

/** The folder with the packed packages in its `node_modules`. */
export const packedDirectory: string = join(import.meta.dirname, '.results/packed')

/** Builds, packs and unpacks; what was there before is gone. */
export async function packPackages(): Promise<void> {
  await rm(packedDirectory, { recursive: true, force: true })
  await runCommand(root, 'turbo', 'run', 'build', ...names.map((name) => `--filter=@devicebatch/${name}`))
  const modules = join(packedDirectory, 'node_modules')
  for (const name of names) {
    const source = join(root, 'packages', name)
    const target = join(modules, '@devicebatch', name)
    await mkdir(target, { recursive: true })
    const tarball = await packPackage(source, join(packedDirectory, 'tarballs', name))
    await runCommand(target, 'tar', '-xzf', tarball, '--strip-components=1')
    const { dependencies = {} } = JSON.parse(await readFile(join(target, 'package.json'), 'utf8'))
    for (const dependency of Object.keys(dependencies)) {
      const link = join(modules, dependency)
      if (dependency.startsWith('@devicebatch/') || existsSync(link)) continue
      await mkdir(dirname(link), { recursive: true })
      await symlink(join(source, 'node_modules', dependency), link, 'junction')
    }
  }
  // What is imported is looked for from here.
  await writeFile(join(packedDirectory, 'package.json'), '{ "private": true, "type": "module" }\n')
}
