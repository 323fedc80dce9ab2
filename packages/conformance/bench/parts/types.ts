/** How much work does the type checker have with a file that uses a client? */
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { atMost } from '../measure.ts'
import type { Part } from '../measure.ts'

const run = promisify(execFile)
const bench = join(import.meta.dirname, '..')
const limit = 500

/** The other checked files, each of which reads one status. */
const others: Readonly<Record<string, string>> = {
  '@devicebatch/edge, one operation': `
    import { createPartnerFetch, getBatchUploadStatus } from '@devicebatch/edge'
    const partnerFetch = createPartnerFetch({ credential: () => 'token' })
    const { status } = await getBatchUploadStatus(partnerFetch, { customerId: 'c', batchTrackingId: 'b' })
    console.log(status)`,
  '@devicebatch/client, one operation through partner.api': `
    import { createPartnerCenter } from '@devicebatch/client'
    const { api } = createPartnerCenter({ credential: () => 'token' })
    const { data } = await api.GET('/customers/{customerId}/batchJobStatus/{batchTrackingId}', {
      params: { path: { customerId: 'c', batchTrackingId: 'b' } },
    })
    console.log(data?.status)`,
  'openapi-fetch, one operation': `
    import type { paths } from '@devicebatch/contract'
    import createClient from 'openapi-fetch'
    const api = createClient<paths>({ baseUrl: 'https://api.partnercenter.microsoft.com/v1' })
    const { data } = await api.GET('/customers/{customerId}/batchJobStatus/{batchTrackingId}', {
      params: { path: { customerId: 'c', batchTrackingId: 'b' } },
    })
    console.log(data?.status)`,
  'openai, one operation': `
    import OpenAI from 'openai'
    const batch = await new OpenAI({ apiKey: 'key' }).batches.retrieve('b')
    console.log(batch.status)`,
  '@octokit/request, one operation': `
    import { request } from '@octokit/request'
    const { data } = await request('GET /repos/{owner}/{repo}', { owner: 'o', repo: 'r' })
    console.log(data.name)`,
}

export const types: Part = {
  name: 'types',
  title: 'Type-checking a file that uses a client',
  how: 'The number of instantiations reported by `tsc --extendedDiagnostics` of TypeScript 5.9 with `skipLibCheck`, against the built declarations. It is the same in every run.',
  async run() {
    // Inside this folder, so that the installed packages are found.
    const directory = await mkdtemp(join(bench, 'node_modules', '.types-'))
    try {
      const file = join(directory, 'program.ts')
      await copyFile(join(bench, 'programs/fluent.ts'), file)
      const fluent = await instantiations(directory, file)
      const what = '@devicebatch/client, every operation'
      const rows = [atMost(what, `≤ ${limit}`, limit, fluent, fluent.toLocaleString('en-US'))]
      for (const [what, program] of Object.entries(others)) {
        await writeFile(file, program)
        rows.push({ what, reached: (await instantiations(directory, file)).toLocaleString('en-US') })
      }
      return rows
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
}

async function instantiations(cwd: string, file: string): Promise<number> {
  const tsc = join(bench, 'node_modules/typescript-5.9/lib/tsc.js')
  const flags =
    '--noEmit --strict --skipLibCheck --module nodenext --target es2023 --lib es2023,dom --types --extendedDiagnostics'
  const { stdout } = await run(process.execPath, [tsc, file, ...flags.split(' ')], { cwd })
  return Number(/^Instantiations:\s+(\d+)/m.exec(stdout)![1])
}
