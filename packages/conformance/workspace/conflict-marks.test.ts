import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { root } from '../shared/run-command.ts'
import { findConflictMarks } from './conflict-marks.ts'

/** Assembled here, so that this file has none. */
const mark = (character: string): string => character.repeat(7)

let repository: string

beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), 'devicebatch-marks-'))
  execFileSync('git', ['init', '-q'], { cwd: repository })
})

afterEach(() => rm(repository, { recursive: true, force: true }))

async function plant(...lines: string[]): Promise<string[]> {
  await writeFile(join(repository, 'notes.md'), ['first', ...lines, 'last'].join('\n'))
  execFileSync('git', ['add', '.'], { cwd: repository })
  return findConflictMarks(repository)
}

test('no tracked file has the marks of a merge conflict', () => {
  expect(findConflictMarks(root)).toEqual([])
})

test.each([
  ['ours begins', `${mark('<')} HEAD`],
  ['the common ancestor begins', `${mark('|')} 1234567`],
  ['theirs begins', mark('=')],
  ['theirs ends', `${mark('>')} branch`],
  ['a mark in a list is indented', `    ${mark('<')} HEAD`],
  ['a formatter has taken the end for quotes', `${'> '.repeat(7)}branch`],
  ['a formatter has taken the middle for a row of the table', `| ${mark('=')}      |    |`],
])('a mark is found where %s', async (_, line) => {
  expect(await plant(line)).toEqual([`notes.md:2: ${line}`])
})

test.each([
  ['an underlined heading', '========'],
  ['a short heading', '====='],
  ['a quote in a quote', '> > > as they wrote'],
  ['a shift of bits', 'const high = value >>> 24 << 8'],
  ['an empty row of a table', '|||||||'.slice(1)],
  ['arrows in a sentence', 'from <<<<<<< to >>>>>>> there'],
])('%s is not a mark', async (_, line) => {
  expect(await plant(line)).toEqual([])
})

test('a file that is deleted but still tracked is ignored', async () => {
  await plant('text')
  await rm(join(repository, 'notes.md'))
  expect(findConflictMarks(repository)).toEqual([])
})
