import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

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
