/**
 * Writes `jsr.json` for each package on JSR, from its `package.json` and the catalog: part of `npm run version`.
 *
 * The emulator is not on JSR because it is started by a command, nor is csv, which nobody has requested there.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { parse } from 'yaml'

import { root } from '../shared/run-command.ts'

export const onJsr = ['packages/contract', 'packages/edge', 'packages/client'] as const

/** The text of a package's `jsr.json`, by its folder in the workspace. */
export function toJsr(folder: string): string {
  const { name, version, license, exports, dependencies = {} } = readPackage(folder)
  const { catalog } = parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))
  // Deno finds the workspace's packages by their own jsr.json.
  const imports = Object.entries(dependencies)
    .filter(([, range]) => range === 'catalog:')
    .map(([dependency]) => [dependency, `npm:${dependency}@${catalog[dependency]}`])
  const modules = Object.entries(exports).filter(([, file]) => String(file).endsWith('.ts'))
  const jsr = {
    $schema: 'https://jsr.io/schema/config-file.v1.json',
    name,
    version,
    license,
    exports: Object.fromEntries(modules),
    ...(imports.length > 0 && { imports: Object.fromEntries(imports) }),
    publish: { include: ['src', 'README.md'] },
  }
  return `${JSON.stringify(jsr, null, 2)}\n`
}

function readPackage(folder: string) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
}

if (import.meta.main) {
  for (const folder of onJsr) writeFileSync(join(root, folder, 'jsr.json'), toJsr(folder))
}
