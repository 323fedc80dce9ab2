/** Each library runs on every runtime: it needs only the listed globals, and no module. */
import { globSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

import { build } from 'esbuild'
import type { BuildFailure } from 'esbuild'
import { describe, expect, inject, onTestFinished, test } from 'vitest'

import { libraries, published } from '../../shared/pack-workspace.ts'
import { root, runCommand } from '../../shared/run-command.ts'
import { readEntryPoints } from './entry-points.ts'
import { expectedGlobals } from './expected-globals.ts'
import { findGlobals } from './find-globals.ts'
import { plant } from './plant.ts'

const { copy, installed } = inject('packed')

const usesAny = '\nexport const planted: AbortSignal = AbortSignal.any([])\n'
const importsNode = "import 'node:timers'\n"

describe('the declarations', () => {
  test.each(libraries)('of %s need exactly the listed globals', (name) => {
    expect(findInDeclarations(join(installed, 'node_modules', name))).toEqual({
      globals: expectedGlobals[name]!.declarations,
      problems: [],
    })
  })

  test('fail the check if they name a Buffer', async () => {
    const folder = await plant(
      copy,
      'client',
      'src/index.ts',
      (content) => `${content}\nexport declare function planted(bytes: Buffer): void\n`,
    )
    await expect(checkTypes(folder)).rejects.toThrow("Cannot find name 'Buffer'")
    const { globals } = findInDeclarations(folder)
    expect(globals).toEqual([...expectedGlobals['@devicebatch/client']!.declarations, 'Buffer'].toSorted())
  })
})

// Two are for Node only, and may use anything it has.
const portable = libraries.filter((name) => !['@devicebatch/files', '@devicebatch/tracker'].includes(name))

describe('the JavaScript', () => {
  test.each(portable)('of %s uses exactly the listed globals', (name) => {
    const { globals } = findInScripts(join(installed, 'node_modules', name))
    expect(globals).toEqual(expectedGlobals[name]!.scripts)
  })

  test('fails the check if it uses AbortSignal.any', async () => {
    const folder = await plant(copy, 'edge', 'src/call/deadline.ts', (content) => content + usesAny)
    const { globals } = findInScripts(folder)
    expect(globals).toEqual([...expectedGlobals['@devicebatch/edge']!.scripts, 'AbortSignal.any'].toSorted())
  })

  test.each(['edge', 'client', 'csv'] as const)(
    'of %s can be bundled for no platform in particular',
    async (name) => {
      expect(await findUnresolved(join(copy, published[`@devicebatch/${name}`]))).toEqual([])
    },
  )

  test('fails the check if it imports a Node module', async () => {
    const folder = await plant(copy, 'edge', 'src/call/wait.ts', (content) => importsNode + content)
    await expect(checkTypes(folder)).rejects.toThrow(/error TS.*node:timers/)
    expect(await findUnresolved(folder)).toContainEqual(
      expect.stringMatching(/^shared-\w+\.js: Could not resolve "node:timers"$/),
    )
  })
})

describe('lint', () => {
  test.each([
    ['an import of Node', importsNode, 'node:timers'],
    ['AbortSignal.any', usesAny, 'AbortSignal.any'],
  ])('names %s in the sources', async (_, source, named) => {
    const directory = await mkdtemp(join(copy, '../lint-'))
    onTestFinished(() => rm(directory, { recursive: true, force: true }))
    await mkdir(join(directory, 'packages/edge/src'), { recursive: true })
    await cp(join(root, '.oxlintrc.json'), join(directory, '.oxlintrc.json'))
    await writeFile(join(directory, 'packages/edge/src/planted.ts'), source)
    const lint = runCommand(directory, 'oxlint', '--format=unix')
    await expect(lint).rejects.toThrow(named)
  })
})

function checkTypes(folder: string): Promise<string> {
  return runCommand(folder, 'pnpm', 'run', 'check')
}

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
