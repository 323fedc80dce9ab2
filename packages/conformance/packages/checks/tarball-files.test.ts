/** Each tarball contains what is built from its sources, and nothing else. */
import { join } from 'node:path'

import { describe, expect, inject, test } from 'vitest'

import type { PublishedName } from '../../shared/pack-workspace.ts'
import { published } from '../../shared/pack-workspace.ts'
import { expectedFiles, filesOf } from './tarball-files.ts'

const { copy, tarballs } = inject('packed')

describe('the tarball', () => {
  test.each(Object.keys(published) as PublishedName[])('of %s holds exactly its files', (name) => {
    expect(filesOf(tarballs[name], name)).toEqual(expectedFiles(name, join(copy, published[name])))
  })
})
