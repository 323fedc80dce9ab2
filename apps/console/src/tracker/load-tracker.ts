/** Is the tracker there? It brings a database of 26 MB, which no other command needs: it is a package to install besides. */
import { basename } from 'node:path'
import { isSea } from 'node:sea'

import { InvalidArgumentError } from '@devicebatch/client'
import type * as tracker from '@devicebatch/tracker'

import type { CommandContext } from '../cli/context.ts'

/** Loads the tracker. Rejects with `InvalidArgumentError` that says how to install it where it is missing. */
export async function loadTracker({ script }: Pick<CommandContext, 'script'>): Promise<typeof tracker> {
  if (isSea()) {
    throw new InvalidArgumentError(
      `The tracker is not in this executable. Install the command with npm instead: ${withNpm}`,
    )
  }
  try {
    return await import('@devicebatch/tracker')
  } catch (error) {
    if (!isMissing(error)) throw error
    const install = basename(script) === 'main.ts' ? 'node .ci/setup.mjs all' : withNpm
    throw new InvalidArgumentError(
      `The tracker's commands need the package @devicebatch/tracker, which is not installed. Run ${install}`,
      undefined,
      error,
    )
  }
}

const withNpm = 'npm install --global devicebatch @devicebatch/tracker'

/** Whether it is the tracker itself that is missing, and not something that it imports. */
function isMissing(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ERR_MODULE_NOT_FOUND' && message.includes("'@devicebatch/tracker'")
}
