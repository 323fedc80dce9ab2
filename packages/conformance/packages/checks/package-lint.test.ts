/** publint and are-the-types-wrong find nothing wrong with any tarball. */
import { readFile } from 'node:fs/promises'

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { problemAffectsResolutionKind } from '@arethetypeswrong/core/problems'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, test } from 'vitest'

import type { PublishedName } from '../../shared/pack-workspace.ts'
import { libraries, packPackage, published } from '../../shared/pack-workspace.ts'
import { plant } from './plant.ts'

const { copy, tarballs } = inject('packed')

describe('publint', () => {
  test.each(Object.keys(published) as PublishedName[])('finds no problem in %s', async (name) => {
    expect(await lint(tarballs[name])).toEqual([])
  })

  test('reports a declaration that is not in the tarball', async () => {
    const folder = await plant(copy, 'edge', 'package.json', (content) =>
      content.replace('./dist/auth/credentials.d.ts', './dist/auth/sign-in.d.ts'),
    )
    const [message] = await lint(await packPackage(folder, `${folder}/packed`))
    expect(message).toContain('./dist/auth/sign-in.d.ts')
  })
})

describe('are-the-types-wrong', () => {
  test.each(libraries)('finds the types of %s correct for module imports', async (name) => {
    expect(await findWrongTypes(tarballs[name])).toEqual([])
  })

  test('reports an entry point without its declarations', async () => {
    const folder = await plant(copy, 'edge', 'package.json', (content) =>
      content.replace('./dist/auth/credentials.d.ts', './dist/auth/sign-in.d.ts'),
    )
    const problems = await findWrongTypes(await packPackage(folder, `${folder}/packed`))
    expect(problems.join()).toContain('./credentials')
  })
})

async function lint(tarball: string): Promise<string[]> {
  const { buffer } = new Uint8Array(await readFile(tarball))
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: buffer } })
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)
}

/** All problems except those of every package without CommonJS: the old `require()`, and TypeScript's `node10` resolution. */
async function findWrongTypes(tarball: string): Promise<string[]> {
  const found = await checkPackage(createPackageFromTarballData(await readFile(tarball)), {
    // Data has no types.
    excludeEntrypoints: [/\.json$/],
  })
  if (!found.types) return ['The package has no types.']
  return found.problems
    .filter((problem) => problem.kind !== 'CJSResolvesToESM')
    .filter((problem) =>
      (['node16-esm', 'bundler'] as const).some((kind) => problemAffectsResolutionKind(problem, kind, found)),
    )
    .map((problem) => JSON.stringify(problem))
}
