/**
 * `npm run bench`: measures, prints a table for each part, and writes docs/benchmarks.md if all parts were measured in full.
 * `npm run bench -- cpu start` measures two parts; with `--write`, it replaces only these in the document. `--quick` measures
 * little.
 */
import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'

import { abort } from './parts/abort.ts'
import { cpu } from './parts/cpu.ts'
import { csv } from './parts/csv.ts'
import { dashboard } from './parts/dashboard.ts'
import { large } from './parts/large.ts'
import { metrics } from './parts/metrics.ts'
import { queries } from './parts/queries.ts'
import { sizes } from './parts/sizes.ts'
import { start } from './parts/start.ts'
import { tenMinutes } from './parts/ten-minutes.ts'
import { tracker } from './parts/tracker.ts'
import { types } from './parts/types.ts'
import { uploads } from './parts/uploads.ts'
import { prepare } from './prepare.ts'
import type { Result } from './report.ts'
import { renderDocument, renderPart, replacePart } from './report.ts'

const parts = [
  sizes,
  cpu,
  large,
  start,
  uploads,
  abort,
  tenMinutes,
  csv,
  types,
  dashboard,
  tracker,
  metrics,
  queries,
]
const document = join(import.meta.dirname, '../../../docs/benchmarks.md')

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => !parts.some((part) => part.name === name))
if (unknown.length > 0) {
  throw new Error(
    `There is no part ${unknown.join(', ')}. The parts: ${parts.map(({ name }) => name).join(', ')}.`,
  )
}
const chosen = positionals.length > 0 ? parts.filter(({ name }) => positionals.includes(name)) : parts

const versions = await prepare()
const results: Result[] = []
for (const part of chosen) {
  console.error(`Measuring ${part.name}…`)
  const result = { part, rows: await part.run(values) }
  results.push(result)
  console.log(`${renderPart(result)}\n`)
}

if (chosen.length === parts.length && !values.quick) {
  await writeFile(document, renderDocument(results, versions, new Date()))
  execFileSync('oxfmt', [document])
  console.error(`Written: ${relative(process.cwd(), document)}`)
} else if (values.write) {
  await writeFile(document, results.reduce(replacePart, await readFile(document, 'utf8')))
  execFileSync('oxfmt', [document])
  console.error(`Written: ${relative(process.cwd(), document)}`)
}
