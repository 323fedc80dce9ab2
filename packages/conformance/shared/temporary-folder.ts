/** An empty folder for a test. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

/** Resolves with a folder that is removed when the test ends. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'devicebatch-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
