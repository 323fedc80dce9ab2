/** Writes one version after another, and reports each to its parent. */
import { flushCompileCache } from 'node:module'

import { replaceFile } from '../src/index.ts'

process.on('disconnect', () => process.exit())
// A process that is killed would leave nothing of what it compiled to the next.
flushCompileCache()
const filling = 'x'.repeat(200_000)
for (let version = 0; ; version++) {
  await replaceFile(
    process.argv[2]!,
    `${JSON.stringify({ version: `${process.pid}-${version}`, filling })}\n`,
  )
  process.send!({})
}
