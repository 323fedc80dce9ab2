/** Each library runs on every runtime: it needs only the listed globals, and no module. */
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'

import { build } from 'esbuild'
import type { BuildFailure } from 'esbuild'
import { describe, expect, inject, test } from 'vitest'

import { libraries, published } from '../../shared/pack-workspace.ts'
import { runCommand } from '../../shared/run-command.ts'
import { readEntryPoints } from './entry-points.ts'
import { expectedGlobals } from './expected-globals.ts'
import { findGlobals } from './find-globals.ts'
import { plant } from './plant.ts'

const { copy, installed } = inject('packed')

describe('the declarations', () => {
  test.each(libraries)('of %s need exactly the listed globals', (name) => {
    expect(findInDeclarations(join(installed, 'node_modules', name))).toEqual({
      globals: expectedGlobals[name]!.declarations,
      problems: [],
    })
  })
})

// Two are for Node only, and may use anything it has.
const portable = libraries.filter((name) => !['@devicebatch/files', '@devicebatch/tracker'].includes(name))

describe('the JavaScript', () => {
  test.each(portable)('of %s uses exactly the listed globals', (name) => {
    const { globals } = findInScripts(join(installed, 'node_modules', name))
    expect(globals).toEqual(expectedGlobals[name]!.scripts)
  })

  test.each(['edge', 'client', 'csv'] as const)(
    'of %s can be bundled for no platform in particular',
    async (name) => {
      expect(await findUnresolved(join(copy, published[`@devicebatch/${name}`]))).toEqual([])
    },
  )

  test('fails the check if it imports a Node module', async () => {
    const folder = await plant(
      copy,
      'edge',
      'src/call/wait.ts',
      (content) => `import 'node:timers'\n${content}`,
    )
    await expect(runCommand(folder, 'pnpm', 'run', 'check')).rejects.toThrow(/error TS.*node:timers/)
    expect(await findUnresolved(folder)).toContainEqual(
      expect.stringMatching(/^shared-\w+\.js: Could not resolve "node:timers"$/),
    )
  })
})

/** For all entry points except `/node`. */
function findInDeclarations(folder: string): ReturnType<typeof findGlobals> {
  const entryPoints = readEntryPoints(folder).filter(({ name }) => name !== './node')
  return findGlobals(
    folder,
    entryPoints.map(({ types }) => types),
  )
}

/** For all modules except those named as being for Node. */
function findInScripts(folder: string): ReturnType<typeof findGlobals> {
  const modules = globSync('dist/**/*.js', { cwd: folder }).filter(
    (file) => !/[/\\](node|bin)\.js$/.test(file),
  )
  return findGlobals(
    folder,
    modules.map((file) => join(folder, file)),
  )
}

/** Imports that a bundler cannot resolve without a platform, by importing file. */
async function findUnresolved(folder: string): Promise<string[]> {
  const entryPoints = readEntryPoints(folder).map(({ script }) => script!)
  try {
    await build({
      entryPoints,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      outdir: 'nowhere',
      write: false,
      logLevel: 'silent',
    })
    return []
  } catch (error) {
    return (error as BuildFailure).errors.map(
      ({ text, location }) => `${basename(location?.file ?? '')}: ${text}`,
    )
  }
}
