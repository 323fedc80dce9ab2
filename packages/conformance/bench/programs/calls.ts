/** Makes calls with one client on request, and reports the CPU time per call. Arguments: the client, the base URL. */
import { createReader } from '../clients.ts'
import { batchTrackingId, customerId } from '../documents.ts'

const [name, baseUrl] = process.argv.slice(2) as [string, string]
const read = await createReader(name, baseUrl)

process.on('message', (question: { calls: number; inFlight: number }) => {
  void makeCalls(question.calls, question.inFlight).then((cpuUs) => process.send!(cpuUs))
})
process.on('disconnect', () => process.exit())

/** Microseconds of CPU per call, including those of the garbage collector and the compiler. */
async function makeCalls(calls: number, inFlight: number): Promise<number> {
  let left = calls
  const worker = async () => {
    while (left-- > 0) {
      const { status } = await read(customerId, batchTrackingId)
      if (status !== 'finished') throw new Error(`${name} read ${status}.`)
    }
  }
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: inFlight }, worker))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}
