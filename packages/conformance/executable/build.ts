/**
 * Builds the command as one file that needs no Node: a single executable application of Node itself, which has the bundled
 * command and its files inside. The tracker is left out, for the size of its database.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { build } from 'esbuild'

import { runtimeNamed } from '../runtimes/runtimes.ts'
import { root, runCommand } from '../shared/run-command.ts'

const application = join(root, 'apps/console')

/** The Node that is inside: the oldest one that builds executables itself, and from ES modules. */
const { executable: node } = runtimeNamed('node26')

/** Writes the executable for this system to `target`. */
export async function buildExecutable(target: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'devicebatch-executable-'))
  try {
    const main = join(folder, 'main.mjs')
    await build({
      entryPoints: [join(application, 'src/main.ts')],
      outfile: main,
      bundle: true,
      minify: true,
      // The name of a class is part of what its errors show.
      keepNames: true,
      format: 'esm',
      platform: 'node',
      target: 'node26',
      external: ['@devicebatch/tracker'],
      logLevel: 'warning',
    })
    const assets = ['package.json', 'sample/devices.csv']
    const config = {
      main,
      mainFormat: 'module',
      output: target,
      disableExperimentalSEAWarning: true,
      // A variable of the environment must not change what it runs.
      execArgvExtension: 'none',
      assets: Object.fromEntries(assets.map((name) => [name, join(application, name)])),
    }
    await writeFile(join(folder, 'config.json'), JSON.stringify(config))
    await runCommand(folder, node, '--build-sea', 'config.json')
    // macOS starts nothing without a signature, be it one without a name.
    if (process.platform === 'darwin') await runCommand(folder, 'codesign', '--force', '--sign', '-', target)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
