import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { published } from '../shared/pack-workspace.ts'
import { root } from '../shared/run-command.ts'
import { readScripts, shortest } from './root-scripts.ts'

const scripts = readScripts()

test('the scripts that the walk shortens or omits exist', () => {
  expect(Object.keys(shortest).filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
})

test.each(Object.entries(scripts))('%s sets up what it needs, even in a fresh clone', (_, script) => {
  for (const command of script.split(' && ')) {
    const [, program = ''] = /^node \.ci\/launch\.mjs (?:demo|dashboard|all) (\S+)/.exec(command) ?? []
    expect(
      existsSync(join(root, program.endsWith('.ts') ? program : `node_modules/.bin/${program}`)),
      command,
    ).toBe(true)
  }
})

test('no script is named pre… or post…, where the shell could use another Node', () => {
  expect(Object.keys(scripts).filter((name) => /^(pre|post)/.test(name))).toEqual([])
})

test('changesets name only published packages, so that a release can compute its versions', () => {
  const folder = join(root, '.changeset')
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => readFileSync(join(folder, file), 'utf8'))
  expect(texts.length).toBeGreaterThan(0)
  const named = texts.flatMap((text) =>
    [...text.matchAll(/^['"]?([@\w/-]+)['"]?: (?:patch|minor|major)$/gm)].map(([, name]) => name),
  )
  expect(named.filter((name) => !Object.hasOwn(published, name!))).toEqual([])
})
