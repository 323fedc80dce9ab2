/** The parts of the root README that runs write: each stands between two comments with its name. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const file = join(import.meta.dirname, '../../../README.md')

/** What stands in the section. */
export function readSection(name: string): string {
  return split(name)[1].trim()
}

/** Writes the section. Returns false when the same stands there already. */
export function writeSection(name: string, text: string): boolean {
  const [before, written, after] = split(name)
  if (written.trim() === text) return false
  writeFileSync(file, `${before}\n\n${text}\n\n${after}`)
  return true
}

function split(name: string): [before: string, section: string, after: string] {
  const [start, end] = [`<!-- ${name}: start -->`, `<!-- ${name}: end -->`]
  const readme = readFileSync(file, 'utf8')
  const [from, to] = [readme.indexOf(start) + start.length, readme.indexOf(end)]
  if (from < start.length || to < from) throw new Error(`README.md has no place for: ${start} … ${end}`)
  return [readme.slice(0, from), readme.slice(from, to), readme.slice(to)]
}
