/** JSR accepts the sources as they are if every export declares its type. Its own tool checks this, without a network. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, inject, test } from 'vitest'

import { onJsr, toJsr } from '../../release/write-jsr.ts'
import { isThere, runtimeNamed } from '../../runtimes/runtimes.ts'
import { makeDenoWorkspace } from '../../shared/deno-workspace.ts'
import { root, runCommand } from '../../shared/run-command.ts'

const { copy } = inject('packed')
const deno = runtimeNamed('deno')

describe('the packages for JSR', () => {
  test.each(onJsr)('%s has the jsr.json that `npm run version` would write', async (folder) => {
    expect(await readFile(join(root, folder, 'jsr.json'), 'utf8')).toBe(toJsr(folder))
  })

  test.skipIf(!isThere(deno))('can be published, without slow types', async () => {
    const workspace = await makeDenoWorkspace(copy)
    await publishDry(workspace)
  })

  test.skipIf(!isThere(deno))('are refused if an export does not declare its type', async () => {
    const workspace = await makeDenoWorkspace(copy)
    const index = join(workspace, 'packages/edge/src/index.ts')
    await writeFile(
      index,
      `${await readFile(index, 'utf8')}\nexport const planted = Math.random().toString()\n`,
    )
    await expect(publishDry(workspace)).rejects.toThrow(/planted/)
  })
})

function publishDry(workspace: string): Promise<string> {
  return runCommand(workspace, deno.executable, 'publish', '--dry-run', '--allow-dirty', '--no-check')
}
