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
  // A link to a place outside the repository would be broken elsewhere.
  if (relative(root, file).startsWith('..') || !existsSync(file)) return false
  return anchor === undefined || anchors(file).includes(anchor)
}

/** The anchors that GitHub makes of the headings of a document. */
function anchors(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )
}
