/** Changesets become changelogs, which users read. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { expect, test } from 'vitest'

import { published } from '../shared/pack-workspace.ts'
import { root } from '../shared/run-command.ts'

const folder = join(root, '.changeset')

/** The packages that each changeset names, by its file. */
const named = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => {
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
    expect(files).toEqual([`first-${basename(directory)}.md`])
  }
})
