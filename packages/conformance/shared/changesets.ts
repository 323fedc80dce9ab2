/** What waits in `.changeset` for the next release. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import { runCommand } from './run-command.ts'

/** The file names of the changesets in a folder; right after a release, there are none. */
export function changesetsIn(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md')
}

/** Gives the packages the versions of the next release. Without changesets it does nothing, because `npm run version` would fail. */
export async function applyChangesets(workspace: string): Promise<void> {
  if (changesetsIn(join(workspace, '.changeset')).length > 0)
    await runCommand(workspace, 'pnpm', 'run', 'version')
}
