/** Writes one version after another, and reports each to its parent. */
import { replaceFile } from '../src/index.ts'

process.on('disconnect', () => process.exit())
const filling = 'x'.repeat(200_000)
for (let version = 0; ; version++) {
  await replaceFile(
    process.argv[2]!,
    `${JSON.stringify({ version: `${process.pid}-${version}`, filling })}\n`,
  )
  process.send!({})
}
