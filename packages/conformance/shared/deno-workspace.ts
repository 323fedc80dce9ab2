/** A Deno workspace with our packages, for the duration of a test. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import { writeDenoWorkspace } from './write-deno-workspace.ts'

/** @param copy The copy of the workspace. Resolves with a folder that is removed when the test ends. */
export async function makeDenoWorkspace(copy: string): Promise<string> {
  const workspace = await mkdtemp(join(copy, '../deno-'))
  onTestFinished(() => rm(workspace, { recursive: true, force: true }))
  await writeDenoWorkspace(copy, workspace)
  return workspace
}
