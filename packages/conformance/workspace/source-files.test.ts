/** Newcomers can find each file: no folder is crowded, and each file starts by saying what it is for. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { expect, test } from 'vitest'

import { root } from '../shared/run-command.ts'

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
/** Every file in a `src`. */
const sources = listed
  .split('\0')
  .filter((file) => dirname(file).split('/').includes('src') && existsSync(join(root, file)))

test('no folder of sources has more than 16 files', () => {
  // Data: a file for each language.
  const folders = sources.map((file) => dirname(file)).filter((folder) => !folder.endsWith('/messages'))
  const counts = Object.entries(Object.groupBy(folders, (folder) => folder))
  expect(counts.filter(([, files]) => files!.length > 16).map(([folder]) => folder)).toEqual([])
})

test('every source begins with a comment about the whole file', () => {
  // `openapi.ts` is generated; a formatter may move a comment below an import.
  const own = sources.filter((file) => file.endsWith('.ts') && !file.endsWith('/openapi.ts'))
  expect(own.filter((file) => !/^(#!.*\n)?\/\*\*/.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
})

test('no tracked file has the marks of a merge conflict, as git writes them or as a formatter indents and quotes them', () => {
  // In Markdown, a line of `=` may underline a heading; one of exactly seven is a mark.
  const marks =
    '^[[:space:]|]*(<{7}|>{7}|[|]{7})([[:space:]]|$)|^[[:space:]]*(> ?){7}[[:alnum:]]|^[[:space:]|]*={7}[[:space:]]*([|]|$)'
  const { status, stdout } = spawnSync('git', ['grep', '-nIE', marks], { cwd: root, encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
})
