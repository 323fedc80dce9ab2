/** Deno's workspace of our packages, for the time of a test. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import { writeDenoWorkspace } from './write-deno-workspace.ts'

/** @param copy The copy of the workspace. Resolves with a folder that is removed with the test. */
export async function makeDenoWorkspace(copy: string): Promise<string> {
  const workspace = await mkdtemp(join(copy, '../deno-'))
  onTestFinished(() => rm(workspace, { recursive: true, force: true }))
  await writeDenoWorkspace(copy, workspace)
  return workspace
}
