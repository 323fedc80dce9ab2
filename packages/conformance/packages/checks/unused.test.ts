/** No export is unused, and no installed package is unused. */
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
