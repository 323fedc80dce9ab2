/** Reads one large document and reports its cost. Arguments: the client, the server's origin. */
import { createReader } from '../clients.ts'
import { batchTrackingId, customerId } from '../documents.ts'

export interface LargeRead {
  wallMs: number
  cpuMs: number
  /** The peak memory of the process, in bytes. */
  peakBytes: number
}

const [name, origin] = process.argv.slice(2) as [string, string]
// A first call excludes one-time work from the measurement.
await (
  await createReader(name, `${origin}/ok/v1`)
)(customerId, batchTrackingId)
const read = await createReader(name, `${origin}/large/v1`)

const startedAt = performance.now()
const before = process.cpuUsage()
await read(customerId, batchTrackingId)
const { user, system } = process.cpuUsage(before)
process.send!({
  wallMs: performance.now() - startedAt,
  cpuMs: (user + system) / 1_000,
  peakBytes: process.resourceUsage().maxRSS * 1_024,
} satisfies LargeRead)
