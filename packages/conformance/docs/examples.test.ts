/** Every TypeScript block of the documentation and of the docstrings compiles, against the packages as users import them. */
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
// Below this package, so that imports resolve to the workspace.
const target = join(import.meta.dirname, '../.results/examples')

interface Example {
  where: string
  code: string
}

const documents = globSync(['*.md', '{docs,packages,apps,spec}/**/*.md'], {
  cwd: root,
  exclude: ['**/node_modules', '**/.results', '**/dist', '**/CHANGELOG.md', '**/api.md', 'docs/api'],
})
const sources = globSync(['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'], {
  cwd: root,
  exclude: ['**/node_modules'],
})

const examples: Example[] = [
  ...documents.flatMap((file) => blocks(file, readFileSync(join(root, file), 'utf8'))),
  ...sources.flatMap((file) => docstringBlocks(file, readFileSync(join(root, file), 'utf8'))),
]

test(`compiles all ${examples.length} examples of the documentation`, () => {
  expect(examples.length).toBeGreaterThan(10)
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  examples.forEach(({ where, code }, index) =>
    writeFileSync(join(target, `${index}.ts`), `// ${where}\nexport {}\n${code}`),
  )
  writeFileSync(
    join(target, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../../../tsconfig.base.json',
      compilerOptions: { types: ['node'], noUnusedLocals: false },
      include: ['*.ts'],
    }),
  )
  expect(compilerMessages()).toBe('')
})

function compilerMessages(): string {
  try {
    execFileSync('tsc', ['-p', target, '--pretty', 'false'], { encoding: 'utf8', cwd: target })
    return ''
  } catch (error) {
    const { stdout } = error as { stdout: string }
    // Names the document instead of the file that was generated from it.
    return stdout.replace(/^(\d+)\.ts/gm, (_, index: string) => examples[Number(index)]!.where)
  }
}

/** The ```ts blocks of a Markdown text. */
function blocks(file: string, text: string): Example[] {
  return [...text.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```/gm)].map((match) => ({
    where: `${file}:${lineAt(text, match.index)}`,
    code: match[1]!,
  }))
}

/** The ```ts blocks of the docstrings of a source file. */
function docstringBlocks(file: string, text: string): Example[] {
  return [...text.matchAll(/^ *\* ```ts\n([\s\S]*?)^ *\* ```/gm)].map((match) => ({
    where: `${file}:${lineAt(text, match.index)}`,
    code: match[1]!.replace(/^ *\* ?/gm, ''),
  }))
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
