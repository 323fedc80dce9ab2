/**
 * `npm run release:jsr`: publishes to JSR with Deno's own tool, which signs in as the workflow it runs in. Versions that JSR already
 * has are skipped. `-- --dry-run` publishes nothing.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { runtimeNamed } from '../runtimes/runtimes.ts'
import { root } from '../shared/run-command.ts'
import { writeDenoWorkspace } from '../shared/write-deno-workspace.ts'

const { executable } = runtimeNamed('deno')
const workspace = mkdtempSync(join(tmpdir(), 'devicebatch-jsr-'))
try {
  await writeDenoWorkspace(root, workspace)
  // Types were already checked, against what npm installs.
  const args = ['publish', '--no-check', ...process.argv.slice(2)]
  const { status } = spawnSync(executable, args, { cwd: workspace, stdio: 'inherit' })
  process.exitCode = status ?? 1
} finally {
  rmSync(workspace, { recursive: true, force: true })
}
