import { readFile } from 'node:fs/promises'

import { expect, test, vi } from 'vitest'

test('the program in the README is compiled and run here, and prints what the README says', async () => {
  const program = await readFile(new URL('readme-example.ts', import.meta.url), 'utf8')
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${program}\`\`\``)

  const log = vi.spyOn(console, 'log').mockReturnValue()
  await import('./readme-example.ts')
  expect(log.mock.calls).toEqual([['finished', 'ZtdDeviceAssignedToOtherTenant']])
  log.mockRestore()
})
