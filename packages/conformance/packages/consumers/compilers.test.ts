/** The declarations compile with every compiler that consumers use, in every configuration. */
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { runCommand } from '../../shared/run-command.ts'
import { compile, nameOf, quickSettings } from './compilers.ts'
import { makeProject } from './consumer.ts'

describe('a program that uses every package compiles with', () => {
  test.each(quickSettings.map((setting) => [nameOf(setting), setting] as const))('%s', async (_, setting) => {
    await compile(await makeProject(), setting)
  })

  test('no configuration that would also accept a wrong program', async () => {
    const project = await makeProject()
    const program = join(project, 'compile.ts')
    await writeFile(program, (await readFile(program, 'utf8')).replaceAll('// @ts-expect-error', '//'))
    await expect(compile(project, quickSettings.at(-1)!)).rejects.toThrow(/almost[^]*nowhere/)
  })
})

describe('a program that imports only types', () => {
  test('has no import in its JavaScript', async () => {
    const project = await makeProject()
    await runCommand(
      project,
      'tsc',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--strict',
      'types-only.ts',
    )
    const script = await readFile(join(project, 'types-only.js'), 'utf8')
    expect(script).toContain('export function failed(details)')
    expect(script).not.toMatch(/import|devicebatch/)
    expect(await runCommand(project, process.execPath, 'types-only.js')).toBe('')
    expect(existsSync(join(project, '../node_modules/@devicebatch/contract/dist/index.js'))).toBe(false)
  })
})
