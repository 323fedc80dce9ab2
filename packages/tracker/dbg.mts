import { readFile, writeFile, rm } from 'node:fs/promises'

import { createTracker } from './src/index.ts'
await rm('/tmp/trk', { recursive: true, force: true })
const tracker = createTracker({ database: { directory: '/tmp/trk' }, partner: { credential: () => 'none' } })
await tracker.deleteOld()
const p = '/tmp/trk/process.lock'
await writeFile(p, JSON.stringify({ ...JSON.parse(await readFile(p, 'utf8')), token: 'f'.repeat(32) }))
for (let i = 0; i < 8; i++) {
  await new Promise((r) => setTimeout(r, 1000))
  console.log(
    i,
    await tracker.deleteOld().then(
      () => 'ok',
      (e) => e.name + ' ' + e.message + ' ' + e.stack,
    ),
  )
}
