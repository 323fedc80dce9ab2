/** How many bytes does a client add to a program? */
import { join } from 'node:path'

import { clientBudget, edgeBudget, waitBudget } from '../../packages/checks/budgets.ts'
import type { Budget } from '../../packages/checks/budgets.ts'
import { bundle } from '../../packages/checks/bundle.ts'
import { clients } from '../clients.ts'
import { batchTrackingId, customerId } from '../documents.ts'
import type { Part, Row } from '../measure.ts'

const programs = join(import.meta.dirname, '../../packages/checks/programs')

export const sizes: Part = {
  name: 'sizes',
  title: 'Size of the smallest program that reads one status',
  how: 'Bundled and minified by esbuild for a neutral platform (es2022; the other clients for a browser, since some cannot be bundled otherwise), then compressed with brotli at quality 11. Only the programs that use client wait for the batch.',
  missed: `edge: ${edgeBudget.reason} Waiting: ${waitBudget.reason} All operations: ${clientBudget.reason}`,
  async run() {
    const rows = [
      await ownRow('@devicebatch/edge', edgeBudget),
      await ownRow('@devicebatch/client, batchUpload() with wait()', waitBudget),
      await ownRow('@devicebatch/client, all operations with wait()', clientBudget),
    ]
    for (const [name, what] of Object.entries(clients)) {
      if (name !== 'edge' && name !== 'client') rows.push(await peerRow(name, what))
    }
    return rows
  },
}

async function ownRow(what: string, { program, target }: Budget): Promise<Row> {
  const { brotliBytes } = await bundle(join(programs, program))
  return { what, target: `≤ ${bytes(target)}`, reached: bytes(brotliBytes), met: brotliBytes <= target }
}

async function peerRow(name: string, what: string): Promise<Row> {
  const contents = `
    import { createReader } from './clients/${name}.js'
    const read = createReader('https://api.partnercenter.microsoft.com/v1', 'token')
    console.log(await read('${customerId}', '${batchTrackingId}'))`
  const { brotliBytes } = await bundle({ contents, resolveDir: join(import.meta.dirname, '..') }, 'browser')
  return { what, reached: bytes(brotliBytes) }
}

function bytes(count: number): string {
  return `${count.toLocaleString('en-US')} B`
}
