/** What waits in `.changeset` for the next release. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import { runCommand } from './run-command.ts'

/** The file names of the changesets of a workspace; there are none right after a release. */
export function changesetsIn(workspace: string): string[] {
  const files = readdirSync(join(workspace, '.changeset'))
  return files.filter((file) => file.endsWith('.md') && file !== 'README.md')
}

/** Gives the packages the versions of the next release, if there is to be one: without changesets, `npm run version` fails. */
export async function applyChangesets(workspace: string): Promise<void> {
  if (changesetsIn(workspace).length > 0) await runCommand(workspace, 'pnpm', 'run', 'version')
}
