/** Which files a package must be published with, and no others. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { createPackageFromTarballData } from '@arethetypeswrong/core'

import type { PublishedName } from '../packed/pack-workspace.ts'

/** Beside what every package has, and what is built of its sources. */
const besides: Partial<Record<PublishedName, string[]>> = {
  '@devicebatch/contract': ['openapi.json'],
  devicebatch: ['sample/devices.csv'],
}

/** @param folder The package with its sources. */
export function expectedFiles(name: PublishedName, folder: string): string[] {
  // Written declarations describe other packages to us; they are not emitted.
  const modules = globSync('**/*.ts', { cwd: join(folder, 'src') }).filter((file) => !file.endsWith('.d.ts'))
  const kinds = kindsOf(name)
  return [
    'LICENSE',
    'README.md',
    'package.json',
    ...(besides[name] ?? []),
    ...modules.flatMap((file) =>
      kinds.map((kind) => `dist/${file.replaceAll('\\', '/').replace(/ts$/, kind)}`),
    ),
  ].toSorted()
}

export function filesOf(tarball: string, name: PublishedName): string[] {
  const prefix = `/node_modules/${name}/`
  return createPackageFromTarballData(readFileSync(tarball))
    .listFiles()
    .map((file) => file.slice(prefix.length))
    .toSorted()
}

function kindsOf(name: PublishedName): string[] {
  if (name === '@devicebatch/contract') return ['d.ts']
  return name === 'devicebatch' ? ['js'] : ['d.ts', 'js']
}
