import { link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { isSameFile, linkFile, replaceFile } from '../src/index.ts'
import { makeFolder } from './processes.ts'

test('a file gets a second name if that is free, and keeps it when it is replaced under the first', async () => {
  const folder = await makeFolder()
  const [from, to] = [join(folder, 'from'), join(folder, 'to')]
  await writeFile(from, 'one')
  expect(await linkFile(from, to)).toBe(true)
  await replaceFile(from, 'two')
  expect(await linkFile(from, to)).toBe(false)
  expect([await readFile(from, 'utf8'), await readFile(to, 'utf8')]).toEqual(['two', 'one'])
  await expect(linkFile(join(folder, 'none'), join(folder, 'new'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('when many files are linked to one name at once, one gets it', async () => {
  const folder = await makeFolder()
  const names = Array.from({ length: 20 }, (_, at) => `file-${at}`)
  for (const name of names) await writeFile(join(folder, name), name)
  const linked = await Promise.all(names.map((name) => linkFile(join(folder, name), join(folder, 'to'))))
  expect(linked.filter(Boolean)).toHaveLength(1)
  expect(await readdir(folder)).toHaveLength(21)
  expect(await readFile(join(folder, 'to'), 'utf8')).toBe(names[linked.indexOf(true)])
})

test('two paths to one file are the same: spelled differently, or through a link to the file, a link to its folder or a hard link', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'a.csv')
  await writeFile(path, 'same')
  await writeFile(join(folder, 'b.csv'), 'same')
  await symlink(path, join(folder, 'symbolic'))
  await link(path, join(folder, 'hard'))
  await symlink(folder, join(folder, 'folder'))
  for (const name of ['./a.csv', 'symbolic', 'hard', 'folder/a.csv']) {
    expect(await isSameFile(path, `${folder}/${name}`), name).toBe(true)
  }
  expect(await isSameFile(path, join(folder, 'b.csv'))).toBe(false)
  expect(await isSameFile(path, join(folder, 'none'))).toBe(false)
})

test('files that do not exist yet are compared by folder and name', async () => {
  const folder = await makeFolder()
  await mkdir(join(folder, 'real'))
  await symlink(join(folder, 'real'), join(folder, 'link'))
  const path = join(folder, 'real', 'a.json')
  for (const same of [join(folder, 'link', 'a.json'), join(folder, 'real', 'A.JSON')]) {
    expect(await isSameFile(path, same), same).toBe(true)
  }
  expect(await isSameFile(path, join(folder, 'a.json'))).toBe(false)
  expect(await isSameFile(join(folder, 'none', 'a'), join(folder, 'none', 'b'))).toBe(false)
})
