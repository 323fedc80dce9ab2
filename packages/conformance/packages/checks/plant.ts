/** Plants a fault in a copy of a package, to test that the check for that fault finds it. The repository itself stays unchanged. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import { runCommand } from '../../shared/run-command.ts'

/**
 * Copies a package of the copied workspace, edits one of its files and builds it without checking its types. Everything around it
 * is linked, so that no other test finds a second package with its name. Resolves with the folder of the package.
 */
export async function plant(
  copy: string,
  name: string,
  file: string,
  edit: (content: string) => string,
): Promise<string> {
  const workspace = await mkdtemp(join(copy, '../planted-'))
  onTestFinished(() => rm(workspace, { recursive: true, force: true }))
  const packages = join(workspace, 'packages')
  await mkdir(packages)
  await linkAllBut('packages', copy, workspace)
  await linkAllBut(name, join(copy, 'packages'), packages)
  const folder = join(packages, name)
  await cp(join(copy, 'packages', name), folder, { recursive: true, verbatimSymlinks: true })
  const edited = join(folder, file)
  const before = await readFile(edited, 'utf8')
  const after = edit(before)
  if (after === before) throw new Error(`The edit of ${name}/${file} changed nothing; adapt it to the file.`)
  await writeFile(edited, after)
  await runCommand(folder, 'pnpm', 'run', 'build', '--noCheck')
  return folder
}

/** Files are copied, because pnpm does not pack a license that is a link. */
async function linkAllBut(name: string, from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.name === name) continue
    const add = entry.isFile() ? cp : symlink
    await add(join(from, entry.name), join(to, entry.name))
  }
}
