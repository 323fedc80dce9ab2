/** Plants a fault in a copy of a package, to test that the check for that fault finds it. The repository itself stays unchanged. */
import { randomUUID } from 'node:crypto'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import { runCommand } from '../../shared/run-command.ts'

export interface Planted {
  /** The package with the fault, built, among the others of the copied workspace. */
  folder: string
  /** The compiler's output. */
  compilerOutput: string
}

/** Copies a package of the copied workspace, edits one of its files and builds it, whatever the compiler says. */
export async function plant(
  copy: string,
  name: string,
  file: string,
  edit: (content: string) => string,
): Promise<Planted> {
  const folder = join(copy, 'packages', `${name}-${randomUUID()}`)
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  // Links in `node_modules` are relative, and work next to the original.
  await cp(join(copy, 'packages', name), folder, { recursive: true, verbatimSymlinks: true })
  const edited = join(folder, file)
  const before = await readFile(edited, 'utf8')
  const after = edit(before)
  if (after === before) throw new Error(`The edit of ${name}/${file} changed nothing; adapt it to the file.`)
  await writeFile(edited, after)
  const compilerOutput = await runCommand(folder, 'pnpm', 'run', 'build').catch(
    (error: Error) => error.message,
  )
  return { folder, compilerOutput }
}
