/** A worker that only delivers notifications; it reports to the test when it sends one. */
import { createTracker } from '../../src/index.ts'

const { fetch } = globalThis
globalThis.fetch = (input, init) => {
  const response = fetch(input, init)
  process.send!('sending')
  return response
}
const { database } = JSON.parse(process.argv[2]!)
const tracker = createTracker({ database, partner: { credential: () => 'none' }, onError: () => undefined })
await tracker.start()
