/** `npm run test:consumers`: checks our declarations with every compiler and configuration. `npm test` covers some of them. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

import { packWorkspace } from '../../shared/pack-workspace.ts'
import { allSettings, compile, nameOf } from './compilers.ts'

const directory = await mkdtemp(join(tmpdir(), 'devicebatch-consumers-'))
let failed = 0
try {
  const { installed } = await packWorkspace(directory)
  const project = join(installed, 'project')
  await cp(join(import.meta.dirname, 'projects'), project, { recursive: true })
  const left = allSettings.values()
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (const setting of left) {
        const message = await compile(project, setting).catch((error: Error) => error.message)
        if (message) failed += 1
        console.log(`${message ? 'failed' : 'passed'}  ${nameOf(setting)}${message ? `\n${message}` : ''}`)
      }
    }),
  )
} finally {
  await rm(directory, { recursive: true, force: true })
}
console.log(`\n${allSettings.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
