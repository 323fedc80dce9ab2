/** Each tarball contains what is built from its sources, and nothing else. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, inject, test } from 'vitest'

import type { PublishedName } from '../../shared/pack-workspace.ts'
import { packPackage, published } from '../../shared/pack-workspace.ts'
import { plant } from './plant.ts'
import { expectedFiles, filesOf } from './tarball-files.ts'

const { copy, tarballs } = inject('packed')

describe('the tarball', () => {
  test.each(Object.keys(published) as PublishedName[])('of %s holds exactly its files', (name) => {
    expect(filesOf(tarballs[name], name)).toEqual(expectedFiles(name, join(copy, published[name])))
  })

  test('is refused, naming the file, if a file is missing or does not belong there', async () => {
    const folder = await plant(copy, 'edge', 'package.json', (content) =>
      content.replace('"dist"', '"dist",\n    "src/call/wait.ts"'),
    )
    await rm(join(folder, 'dist/call/retry.d.ts'))
    const files = filesOf(await packPackage(folder, join(folder, 'packed')), '@devicebatch/edge')
    const expected = expectedFiles('@devicebatch/edge', folder)
    expect(expected.filter((file) => !files.includes(file))).toEqual(['dist/call/retry.d.ts'])
    expect(files.filter((file) => !expected.includes(file))).toEqual(['src/call/wait.ts'])
  })
})
