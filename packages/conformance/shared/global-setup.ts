/**
 * Packs the workspace before the tests that use it from outside, and removes everything after them, except in a folder that
 * `DEVICEBATCH_PACKED` names. Their temporary folders lie below a stray package.json, as they may on any machine.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { TestProject } from 'vitest/node'

import type { PackedWorkspace } from './pack-workspace.ts'
import { packWorkspace } from './pack-workspace.ts'

declare module 'vitest' {
  interface ProvidedContext {
    packed: PackedWorkspace
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporary = await makeTemporary()
  // The first is for Unix, the others for Windows; the tests' processes inherit them.
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = temporary
  const remove = () => rm(temporary, { recursive: true, force: true })
  try {
    const { DEVICEBATCH_PACKED: given } = process.env
    const directory = given ?? (await mkdtemp(join(temporary, 'packed-')))
    project.provide('packed', await packWorkspace(directory))
  } catch (error) {
    await remove()
    throw error
  }
  return remove
}

/** npm, pnpm and Node also look for a package.json in the folders above: a project that must not find this one needs its own. */
async function makeTemporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'devicebatch-packages-'))
  // Some tests start a server as another user.
  await chmod(folder, 0o755)
  const stray = { name: 'stray', version: '1.0.0', type: 'commonjs', workspaces: ['nowhere'] }
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ ...stray, dependencies: { nowhere: 'file:./nowhere.tgz' } }),
  )
  return folder
}
