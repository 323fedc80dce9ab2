/** What others can import from a package, according to its package.json. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface EntryPoint {
  /** As in `exports`: `.`, `./credentials`. */
  name: string
  /** The declarations, by their absolute path. */
  types: string
  /** The JavaScript, by its absolute path; absent where there are only types. */
  script: string | undefined
}

interface Manifest {
  exports: Record<string, string | { types: string; default?: string }>
}

/** The entry points of a built package: packed, or with its sources next to `dist`. Data files have none. */
export function readEntryPoints(folder: string): EntryPoint[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { exports }: Manifest = manifest.publishConfig?.exports ? manifest.publishConfig : manifest
  return Object.entries(exports).flatMap(([name, target]) => {
    if (typeof target === 'string') return []
    const script = target.default && join(folder, target.default)
    return { name, types: join(folder, target.types), script }
  })
}
