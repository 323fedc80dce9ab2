import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { root } from '../../shared/run-command.ts'

test("the consumer's test in the emulator's README is the one that runs here", () => {
  const program = readFileSync(join(import.meta.dirname, 'consumer.test.ts'), 'utf8')
  const readme = readFileSync(join(root, 'packages/emulator/README.md'), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${program}\`\`\``)
})
