import { execFileSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { root } from '../shared/run-command.ts'
import { chooseTests, slowTests } from './changed-tests.ts'

const packages = ['spec', 'packages/edge', 'packages/tracker', 'apps/console', 'apps/dashboard']
const tests = [
  'packages/edge/test/call/retry.test.ts',
  'packages/tracker/test/polling/own-rows.test.ts',
  'packages/tracker/test/queue/jobs.test.ts',
  'packages/tracker/test/tracker.test.ts',
  'apps/console/test/cli/help.test.ts',
  'apps/console/test/upload/demo.test.ts',
  'apps/console/test/upload/upload.test.ts',
  'apps/dashboard/test/browser.test.ts',
  'apps/dashboard/test/check.test.ts',
  'apps/dashboard/test/settings.test.ts',
]
const choose = (...changed: string[]) => chooseTests(changed, packages, tests)

test('where imports tell what a change concerns, vitest chooses by them', () => {
  expect(choose('packages/edge/src/call/retry.ts', 'packages/edge/test/call/retry.test.ts')).toEqual([
    { folder: 'packages/edge', args: ['--changed=main'] },
  ])
})

test('a change to the OpenAPI document runs all of its tests, which read it as a file', () => {
  expect(choose('spec/openapi.yaml')).toEqual([{ folder: 'spec', args: [] }])
  expect(choose('spec/README.md')).toEqual([])
})

test('a source of the command runs the tests in the folder of the same name', () => {
  expect(choose('apps/console/src/upload/plan.ts')).toEqual([
    {
      folder: 'apps/console',
      args: ['--project', '!unkind', 'test/upload/demo.test.ts', 'test/upload/upload.test.ts'],
    },
  ])
})

test('a source of the tracker also runs the tests that belong to no folder', () => {
  expect(choose('packages/tracker/src/polling/poll-job.ts')).toEqual([
    {
      folder: 'packages/tracker',
      args: ['--project', 'postgresql', 'test/polling/own-rows.test.ts', 'test/tracker.test.ts'],
    },
  ])
})

test('a changed test runs alone', () => {
  expect(choose('apps/console/test/upload/demo.test.ts')).toEqual([
    { folder: 'apps/console', args: ['--project', '!unkind', 'test/upload/demo.test.ts'] },
  ])
})

test.each([
  'apps/console/src/main.ts',
  'apps/console/src/somewhere-new/file.ts',
  'apps/console/test/command.ts',
  'apps/console/vitest.config.ts',
])('%s, which concerns no folder of tests, runs them all', (file) => {
  const [chosen] = choose(file)
  expect(chosen!.args.slice(2)).toEqual([
    'test/cli/help.test.ts',
    'test/upload/demo.test.ts',
    'test/upload/upload.test.ts',
  ])
})

test("a source of the dashboard starts no browser; a browser's test that changed does", () => {
  const suite = ['--project', 'suite']
  expect(choose('apps/dashboard/src/pages/check.ts')).toEqual([
    { folder: 'apps/dashboard', args: [...suite, 'test/check.test.ts'] },
  ])
  expect(choose('apps/dashboard/public/page.js')).toEqual(choose('apps/dashboard/src/pages/check.ts'))
  expect(choose('apps/dashboard/test/browser.test.ts')).toEqual([
    { folder: 'apps/dashboard', args: [...suite, 'test/browser.test.ts'] },
  ])
})

test('a slow test of the dashboard runs for the sources that it is about', () => {
  expect(choose('apps/dashboard/src/environment/variables.ts')).toEqual([
    {
      folder: 'apps/dashboard',
      args: ['--project', 'suite', 'test/check.test.ts', 'test/settings.test.ts'],
    },
  ])
})

test('the tests that are called slow exist', () => {
  expect(slowTests().filter((test) => !existsSync(join(root, test)))).toEqual([])
})

test('what has no tests, and a package without changes, runs nothing', () => {
  expect(choose('README.md', 'docs/errors.md', 'apps/console/README.md', 'packages/tracker/api.md')).toEqual(
    [],
  )
})

test('vitest finds every test of a whole program in the projects that are named', () => {
  for (const folder of ['packages/tracker', 'apps/console', 'apps/dashboard']) {
    const all = globSync(`${folder}/test/**/*.test.ts`, { cwd: root })
    const [chosen] = chooseTests(all, [folder], all)
    const args = ['exec', 'vitest', 'list', '--filesOnly', ...chosen!.args]
    const found = execFileSync('pnpm', args, { cwd: join(root, folder), encoding: 'utf8' })
    for (const file of all) expect(found).toContain(file.slice(folder.length + 1))
  }
})
