/** Newcomers can find each file: no folder is crowded, each file starts by saying what it is for, and there are no import cycles. */
import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { expect, test } from 'vitest'

import { root, runCommand } from '../shared/run-command.ts'
import { makeFolder } from '../shared/temporary-folder.ts'
import { findCrowdedFolders, findFilesWithoutComment, mostFiles } from './source-files.ts'

/** A repository with these files, outside ours. */
async function repositoryOf(files: Readonly<Record<string, string>>): Promise<string> {
  const repository = await makeFolder()
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(repository, dirname(file)), { recursive: true })
    await writeFile(join(repository, file), text)
  }
  execFileSync('git', ['init', '-q'], { cwd: repository })
  return repository
}

/** Lints these files with our own settings, as `npm run lint` does for the whole repository. */
async function lint(files: Readonly<Record<string, string>>): Promise<string> {
  const repository = await repositoryOf(files)
  try {
    return await runCommand(repository, 'oxlint', '--config', join(root, '.oxlintrc.json'), '.')
  } catch (error) {
    return (error as Error).message
  }
}

test('no folder of sources is crowded', () => {
  expect(findCrowdedFolders(root)).toEqual([])
})

test('a folder with one file too many is found, but folders of tests and messages are ignored', async () => {
  const fill = (folder: string, count: number): [string, string][] =>
    Array.from({ length: count }, (_, index) => [`${folder}/${index}.ts`, ''])
  const repository = await repositoryOf(
    Object.fromEntries([
      ...fill('packages/one/src', mostFiles),
      ...fill('packages/one/src/deep', mostFiles + 1),
      ...fill('packages/one/test', mostFiles + 1),
      ...fill('apps/dashboard/src/messages', mostFiles + 1),
    ]),
  )
  expect(findCrowdedFolders(repository)).toEqual([`packages/one/src/deep: ${mostFiles + 1} files`])
})

test('every source begins with a comment about the whole file', () => {
  expect(findFilesWithoutComment(root)).toEqual([])
})

test('a source without that comment is found, and so is one that has it below an import', async () => {
  const imports = `import { join } from 'node:path'\n`
  const repository = await repositoryOf({
    'packages/one/src/good.ts': `/** What is it for? */\n${imports}`,
    'packages/one/src/bin.ts': `#!/usr/bin/env node\n/** Starts it. */\n${imports}`,
    'packages/one/src/late.ts': `${imports}/** What is it for? */\nimport { sep } from 'node:path'\n`,
    'packages/one/src/none.ts': 'export const a = 1\n',
    'packages/one/test/none.test.ts': imports,
  })
  expect(findFilesWithoutComment(repository)).toEqual([
    'packages/one/src/late.ts',
    'packages/one/src/none.ts',
  ])
})

test('lint rejects a type that is imported together with a value', async () => {
  const files = {
    'a.ts': `import { b, type B } from './b.ts'\n\nexport const a: B = b\n`,
    'b.ts': `export type B = number\nexport const b: B = 1\n`,
  }
  expect(await lint(files)).toMatch(/import\(consistent-type-specifier-style\)/)
})

test.each([
  ['of values', `import { b } from './b.ts'\n`, 'export const a = b\n'],
  ['of types only', `import type { B } from './b.ts'\n`, 'export type A = B\n'],
  ['through re-exports', `export type { B } from './b.ts'\n`, 'export const a = 1\n'],
])('lint rejects an import cycle %s', async (_, imports, exports) => {
  const back = `import type { A } from './a.ts'\n\nexport type B = A | 'b'\nexport const b = 1\n`
  expect(await lint({ 'a.ts': `${imports}\n${exports}`, 'b.ts': back })).toMatch(/import\(no-cycle\)/)
})

test('lint rejects a cycle of three files in three folders', async () => {
  const files = {
    'one/a.ts': `import type { B } from '../two/b.ts'\n\nexport type A = { b: B }\n`,
    'two/b.ts': `import type { C } from '../three/c.ts'\n\nexport type B = { c: C }\n`,
    'three/c.ts': `import type { A } from '../one/a.ts'\n\nexport type C = { a?: A }\n`,
  }
  expect(await lint(files)).toMatch(/import\(no-cycle\)/)
})

test('lint accepts files that depend on each other in one direction only', async () => {
  const files = {
    'a.ts': `import type { B } from './b.ts'\n\nexport type A = { b: B }\n`,
    'b.ts': `export type B = { c: string }\n`,
  }
  expect(await lint(files)).toMatch(/Found 0 warnings and 0 errors/)
})
