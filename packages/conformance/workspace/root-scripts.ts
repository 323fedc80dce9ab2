/** How can each root script be tried quickly? */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from '../shared/run-command.ts'

/**
 * The arguments with which a script does just enough to show that it runs, if it needs any; `undefined` for those that publish or
 * that try the others.
 */
export const shortest: Readonly<Record<string, readonly string[] | undefined>> = {
  devicebatch: ['--help'],
  build: ['--dry-run'],
  check: ['--dry-run'],
  'check:types': ['--version'],
  'test:unit': ['--dry-run'],
  'test:runtimes': ['node'],
  'test:uploads': ['--devices', '4000', '--kills', '1', '--rounds', '20'],
  'test:desks': ['--tests', 'test/output/desk.test.ts'],
  'test:unkind': ['--seeds', '1', '--suites', '0'],
  'test:tracker': ['--batches', '20', '--workers', '1', '--kills', '0'],
  'test:mutation': ['path.ts'],
  bench: ['--quick', 'sizes'],
  format: ['--check'],
  lint: ['--version'],
  release: undefined,
  'release:jsr': ['--dry-run', '--allow-dirty'],
  walk: undefined,
}

export function readScripts(): Record<string, string> {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  return scripts
}
