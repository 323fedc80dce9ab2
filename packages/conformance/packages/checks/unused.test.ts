/** Nothing is exported that nobody imports, and nothing installed that nobody uses. */
import { join } from 'node:path'

import { test } from 'vitest'

import { root, runCommand } from '../../shared/run-command.ts'

const conformance = join(import.meta.dirname, '../..')

test('knip finds no dead file, export or dependency', async () => {
  await runCommand(
    root,
    join(conformance, 'node_modules/.bin/knip'),
    '--config',
    'packages/conformance/packages/checks/knip.json',
  )
})
