/** The types and the bundled document match the OpenAPI document. */
import { describe, expect, inject, test } from 'vitest'

import { runCommand } from '../../shared/run-command.ts'
import { plant } from './plant.ts'

const { copy } = inject('packed')

describe('a generated type', () => {
  test('that was edited by hand is reported, with the command that writes it', async () => {
    const folder = await plant(copy, 'contract', 'src/openapi.ts', (content) =>
      content.replace('batchTrackingId', 'trackingId'),
    )
    await expect(runCommand(folder, 'node', 'generate.ts', '--check')).rejects.toThrow(
      /src\/openapi\.ts does not match .* Run .*generate/,
    )
  })
})
