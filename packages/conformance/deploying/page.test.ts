/** docs/deploying.md shows the files that it speaks of as they are. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { root } from '../shared/run-command.ts'

test('the guide shows the whole Caddyfile', () => {
  const [guide, caddyfile] = ['docs/deploying.md', 'apps/dashboard/deploy/Caddyfile'].map((file) =>
    readFileSync(join(root, file), 'utf8'),
  )
  expect(guide).toContain(`\`\`\`\n${caddyfile}\`\`\`\n`)
})
