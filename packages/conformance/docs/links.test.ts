/** Every relative link of the documentation leads to a file, and every anchor to a heading. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const documents = globSync(['*.md', '{docs,packages,apps,spec}/**/*.md'], {
  cwd: root,
  exclude: ['**/node_modules', '**/.results', '**/dist'],
})

test('no link of the documentation is broken', () => {
  expect(documents.length).toBeGreaterThan(8)
  expect(documents.flatMap(brokenLinks)).toEqual([])
})

test('every file that a document names exists', () => {
  expect(documents.flatMap(missingFiles)).toEqual([])
})

test('every npm script that a document names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const named = documents.flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/`npm run ([\w:-]+)/g)].map((match) => match[1]!),
  )
  expect(named.length).toBeGreaterThan(0)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})

/** Paths such as `client/src/poll.ts` or `packages/client/src/waiting/poll.ts`. */
function missingFiles(document: string): string[] {
  return [
    ...readFileSync(join(root, document), 'utf8').matchAll(/`((?:[\w.-]+\/)+[\w-]+\.(?:ts|yaml|yml|mjs))`/g),
  ]
    .map((match) => match[1]!)
    .filter(
      (file) =>
        !['', 'packages', 'apps', dirname(document)].some((base) => existsSync(join(root, base, file))),
    )
    .map((file) => `${document}: ${file}`)
}

function brokenLinks(document: string): string[] {
  const links = [...readFileSync(join(root, document), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(
    (match) => match[1]!,
  )
  return links
    .filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(document, link))
    .map((link) => `${document}: ${link}`)
}

function leadsSomewhere(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const file = path === '' ? join(root, document) : join(root, dirname(document), path)
  // A link to a path outside the repository would be broken elsewhere.
  if (relative(root, file).startsWith('..') || !existsSync(file)) return false
  return anchor === undefined || anchors(file).includes(anchor)
}

/** The anchors that GitHub creates for the headings of a document, and those that the document sets itself. */
function anchors(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const ofHeadings = [...text.matchAll(/^#+ (.*)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )
  return [...ofHeadings, ...[...text.matchAll(/<a id="([^"]+)"/g)].map((match) => match[1]!)]
}
