/** Changesets become changelogs, which users read. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { expect, test } from 'vitest'

import { changesetsIn } from '../shared/changesets.ts'
import { published } from '../shared/pack-workspace.ts'
import { root } from '../shared/run-command.ts'

const folder = join(root, '.changeset')

/** The packages that each changeset names, by its file. */
const named = new Map(
  changesetsIn(folder).map((file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const names = text.matchAll(/^['"]?([@\w/-]+)['"]?: (?:patch|minor|major)$/gm)
    return [file, [...names].map(([, name]) => name!)]
  }),
)

test('changesets name only published packages, so that a release can compute its versions', () => {
  expect([...named.values()].flat().filter((name) => !Object.hasOwn(published, name))).toEqual([])
})

test('before its first release, one changeset says what a package does: nobody has a version that it fixes', () => {
  for (const [name, directory] of Object.entries(published)) {
    const { version } = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'))
    if (version !== '0.0.0') continue
    const files = [...named].filter(([, names]) => names.includes(name)).map(([file]) => file)
    const first = `first-${basename(directory)}.md`
    expect(files, `${name} has no release yet: change ${first} instead of adding a changeset`).toEqual([
      first,
    ])
  }
})

test('docs/versioning.md names every published package, those released together, and those on JSR', () => {
  const [table] = readFileSync(join(root, 'docs/versioning.md'), 'utf8').split('\n## ')
  const rows = table!.split('\n').filter((line) => line.startsWith('| `'))
  const namesIn = (lines: readonly string[]): string[] =>
    lines.flatMap((line) => [...line.split('|')[1]!.matchAll(/`([@\w/-]+)`/g)].map(([, name]) => name!))
  const { fixed } = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
  const packages = Object.entries(published)
  expect(namesIn(rows)).toEqual(expect.arrayContaining(packages.map(([name]) => name)))
  expect(namesIn(rows.filter((line) => line.includes('released together')))).toEqual(fixed.flat())
  const onJsr = packages.filter(([, directory]) => existsSync(join(root, directory, 'jsr.json')))
  expect(namesIn(rows.filter((line) => line.includes('JSR')))).toEqual(onJsr.map(([name]) => name))
})
