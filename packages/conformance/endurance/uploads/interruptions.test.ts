/** A small part of what `npm run test:uploads` does in 300 rounds. */
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { root } from '../../shared/run-command.ts'
import { seededRandom } from '../../shared/seeded-random.ts'
import { makeFolder } from '../../shared/temporary-folder.ts'
import { interruptAndResume, planRound } from './interrupt-and-resume.ts'

const command = [process.execPath, join(root, 'apps/console/src/main.ts')]

/** The first interruption comes while the service holds a request; when the others come depends on the machine. */
test.each(['SIGINT', 'SIGKILL'] as const)(
  'an upload that %s interrupts while a second command tries the same file sends nothing twice and keeps its journal readable',
  async (signal) => {
    const held = { accepted: 2, delayMs: 0, signal, held: true } as const
    const plan = [held, ...planRound(seededRandom(3))]
    const folder = await makeFolder()

    const { violations, interrupted, killed, refused } = await interruptAndResume(command, folder, plan)
    expect(violations, JSON.stringify(plan)).toEqual([])
    expect(signal === 'SIGINT' ? interrupted : killed).toBeGreaterThan(0)
    expect(refused).toBeGreaterThan(0)
  },
)
