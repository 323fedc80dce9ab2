/** Users' bundles stay within the budget, and contain nothing that some runtime lacks. */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { root } from '../../shared/run-command.ts'
import { makeFolder } from '../../shared/temporary-folder.ts'
import { clientBudget, edgeBudget, waitBudget } from './budgets.ts'
import { bundle, describeExcess, findUnportable } from './bundle.ts'

const programs = join(import.meta.dirname, 'programs')

describe.each([
  ['reads one status through edge', edgeBudget],
  ['waits for an upload with `batchUpload`', waitBudget],
  ['waits for an upload through a partner', clientBudget],
])('the smallest program that %s', (_, { program, budget, target, reason }) => {
  test(`has at most ${budget} bytes`, async () => {
    const bundled = await bundle(join(programs, program))
    expect(describeExcess(bundled, budget)).toBe('')
    // The budget must shrink with the bundle, so that a gain is not lost again.
    expect(bundled.brotliBytes, 'lower the budget in budgets.ts').toBeGreaterThan(budget - 250)
  })

  test('is within the target, or says why it is not', () => {
    expect(budget <= target || reason !== '').toBe(true)
  })

  test('imports nothing from Node and does not use AbortSignal.any', async () => {
    expect(await findUnportable(await bundle(join(programs, program)))).toEqual([])
  })
})

describe('the smallest program that waits with `batchUpload`', () => {
  const waits = join(programs, 'wait.ts')

  test.each([
    ['openapi-fetch', 'createPartnerCenter', /\/openapi-fetch\//],
    ['the other operations', 'createPartnerCenter', /\/client\/src\/resources\//],
    ['uploads of any size', 'uploadDevices', /\/client\/src\/uploads\//],
    ['the log of events', 'logEvents', /\/edge\/src\/log-events\.ts$/],
    ['the recording', 'recordTo', /\/edge\/src\/record\//],
  ])('carries %s only if it uses `%s`', async (_, name, files) => {
    expect(await carried(waits, files)).toEqual([])
    const use = `\nimport { ${name} } from '@devicebatch/client'\nconsole.log(${name})\n`
    expect((await carried(waits, files, { [waits]: use })).length).toBeGreaterThan(0)
  })
})

/** The matching files of which anything is in a bundle. */
async function carried(
  program: string,
  files: RegExp,
  planted: Record<string, string> = {},
): Promise<string[]> {
  const { metafile } = await bundle(program, 'neutral', planted)
  const [output] = Object.values(metafile.outputs)
  const names = Object.entries(output!.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  return names.map(([file]) => file).filter((file) => files.test(file))
}

describe('500 bytes more in edge', () => {
  test.each([edgeBudget, waitBudget, clientBudget])(
    'are too many for $program, and the file is reported',
    async (budget) => {
      const planted = join(root, 'packages/edge/src/call/wait.ts')
      // Random, so that they cannot be compressed.
      const more = `\nconsole.log('${randomBytes(500).toString('base64')}')\n`
      const bundled = await bundle(join(programs, budget.program), 'neutral', { [planted]: more })
      expect(describeExcess(bundled, budget.budget)).toMatch(
        /too many[^]* packages\/edge\/src\/call\/wait\.ts/,
      )
    },
  )
})

describe('what some runtime lacks', () => {
  test('is found with the file that brought it', async () => {
    const planted = join(await makeFolder(), 'planted.js')
    await writeFile(
      planted,
      "import { readFile } from 'node:fs/promises'\n// AbortSignal.timeout is everywhere\nexport default [readFile, AbortSignal.any([])]\n",
    )
    const found = await findUnportable(await bundle(planted))
    expect(found.map((text) => text.replace(/^\S*planted\.js /, ''))).toEqual([
      'imports node:fs/promises',
      'uses AbortSignal.any',
    ])
  })

  test('is not found in a comment', async () => {
    const { metafile, ...rest } = await bundle(join(programs, 'edge.ts'))
    const deadline = Object.keys(metafile.inputs).filter((file) => file.endsWith('deadline.ts'))
    expect(deadline).toHaveLength(1)
    expect(await findUnportable({ metafile, ...rest })).toEqual([])
  })
})
