/** Which files a package must be published with, and no others. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { createPackageFromTarballData } from '@arethetypeswrong/core'

import type { PublishedName } from '../../shared/pack-workspace.ts'
import { commands } from '../../shared/pack-workspace.ts'

/** In addition to what every package has, and what is built from its sources. */
const besides: Partial<Record<PublishedName, string[]>> = {
  '@devicebatch/contract': ['openapi.json'],
  '@devicebatch/dashboard': [
    'deploy/Caddyfile',
    'deploy/Dockerfile',
    'deploy/compose.yaml',
    'deploy/devicebatch.env',
    'deploy/nginx.conf',
    'deploy/settings.env',
    'deploy/systemd/devicebatch-.service.d/hardening.conf',
    'deploy/systemd/devicebatch-dashboard.service',
    'deploy/systemd/devicebatch-worker.service',
    'public/icon.svg',
    'public/page.js',
    'public/style.css',
  ],
  devicebatch: ['json-output.schema.json', 'sample/devices.csv'],
}

/** The JavaScript of a bundled package: a file for each entry point, and what they share in files with a hash in their names. */
const bundles: Partial<Record<PublishedName, string[]>> = {
  '@devicebatch/edge': ['index', 'auth/credentials', 'internal', 'shared-#'],
  '@devicebatch/client': ['index', 'credentials', 'results'],
}

/** @param folder The package with its sources. */
export function expectedFiles(name: PublishedName, folder: string): string[] {
  // Handwritten declarations describe other packages; they are not emitted.
  const modules = globSync('**/*.ts', { cwd: join(folder, 'src') }).filter((file) => !file.endsWith('.d.ts'))
  const sources = modules.map((file) => file.replaceAll('\\', '/').replace(/\.ts$/, ''))
  const built = (files: string[], kind: string) => files.map((file) => `dist/${file}.${kind}`)
  // The texts of the dashboard are imported as modules.
  const data = globSync('**/*.json', { cwd: join(folder, 'src') }).map(
    (file) => `dist/${file.replaceAll('\\', '/')}`,
  )
  return [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'package.json',
    ...(besides[name] ?? []),
    ...data,
    ...(commands.includes(name) ? [] : built(sources, 'd.ts')),
    ...(name === '@devicebatch/contract' ? [] : built(bundles[name] ?? sources, 'js')),
  ].toSorted()
}

export function filesOf(tarball: string, name: PublishedName): string[] {
  const prefix = `/node_modules/${name}/`
  return createPackageFromTarballData(readFileSync(tarball))
    .listFiles()
    .map((file) => file.slice(prefix.length).replace(/(?<=^dist\/shared-)[A-Z0-9]{8}(?=\.js$)/, '#'))
    .toSorted()
}
