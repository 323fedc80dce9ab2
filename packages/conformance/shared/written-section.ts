/** The generated sections of documents, each between two comments with its name. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from './run-command.ts'

/** A part of a document. */
export interface WrittenSection {
  /** Its path from the root, such as `docs/runtimes.md`. */
  document: string
  name: string
}

/** The content of the section. */
export function readSection(section: WrittenSection): string {
  return split(section)[1].trim()
}

/** Writes the section. Returns false when it is already up to date. */
export function writeSection(section: WrittenSection, text: string): boolean {
  const [before, written, after] = split(section)
  if (written.trim() === text) return false
  writeFileSync(join(root, section.document), `${before}\n\n${text}\n\n${after}`)
  return true
}

function split({ document, name }: WrittenSection): [before: string, section: string, after: string] {
  const [start, end] = [`<!-- ${name}: start -->`, `<!-- ${name}: end -->`]
  const text = readFileSync(join(root, document), 'utf8')
  const [from, to] = [text.indexOf(start) + start.length, text.indexOf(end)]
  if (from < start.length || to < from) throw new Error(`${document} has no place for: ${start} … ${end}`)
  return [text.slice(0, from), text.slice(from, to), text.slice(to)]
}
