import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { root } from '../../shared/run-command.ts'

test("the test in the emulator's README is the one that runs here", () => {
  const program = readFileSync(join(import.meta.dirname, 'consumer.test.ts'), 'utf8')
  const readme = readFileSync(join(root, 'packages/emulator/README.md'), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${program}\`\`\``)
})

test('the testing program in the README prints what the README says', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const [, program] = /## Test against the emulator[^]*?```ts\n([^]*?)```/.exec(readme)!
  const directory = join(import.meta.dirname, '../../.results/front-page')
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'program.ts'), program!)
  const printed = execFileSync(process.execPath, [join(directory, 'program.ts')], { encoding: 'utf8' })
  expect(readme).toContain(`It prints \`${printed.trim()}\``)
})
