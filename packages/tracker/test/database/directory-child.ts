/** Opens the tracker of a directory and reports the result; keeps it open until killed. */
import { createTracker } from '../../src/index.ts'

const tracker = createTracker({
  database: { directory: process.argv[2]! },
  partner: { credential: () => 'none' },
})
try {
  for await (const _ of tracker.listUploads()) break
  console.log('open')
} catch (error) {
  console.log((error as { reason?: string }).reason)
  process.exit()
}
setInterval(() => undefined, 60_000)
