/**
 * Packs the workspace before the tests that use it from outside, and removes everything after them, except in a folder that
 * `DEVICEBATCH_PACKED` names.
 */
import { mkdtemp, rm } from 'node:fs/promises'
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
  const { DEVICEBATCH_PACKED: given } = process.env
  const directory = given ?? (await mkdtemp(join(tmpdir(), 'devicebatch-packed-')))
  const remove = async (): Promise<void> => {
    if (!given) await rm(directory, { recursive: true, force: true })
  }
  try {
    project.provide('packed', await packWorkspace(directory))
  } catch (error) {
    await remove()
    throw error
  }
  return remove
}
