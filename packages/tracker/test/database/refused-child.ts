/** Uses a tracker whose database cannot be opened, and prints why; it then has nothing left to do. */
import { createTracker } from '../../src/index.ts'

const tracker = createTracker({
  database: process.argv[2]!,
  partner: { credential: () => 'none' },
  onError: () => undefined,
})
await tracker.getTotals().catch((error: unknown) => console.log(String(error)))
