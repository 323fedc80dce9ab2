/** How much more does a call cost than with a handwritten client? */
import { clients } from '../clients.ts'
import { addedWithSpread, atMost, quartiles, rotated, withSpread } from '../measure.ts'
import type { Part, Row } from '../measure.ts'
import { startHelper, startServer } from '../processes.ts'
import type { Helper } from '../processes.ts'

const names = ['raw', ...Object.keys(clients)]
const ours = ['edge', 'client']
/** How much more CPU time a call may take than with the handwritten client, which has the same features. */
const limit = 0.1
/** The calls of one round take some tens of milliseconds. */
const loads = [
  { inFlight: 1, calls: 150 },
  { inFlight: 64, calls: 512 },
]

export const cpu: Part = {
  name: 'cpu',
  title: 'CPU time per call, compared with a handwritten client',
  how: 'The 446-byte status document from a server in another process. Each client runs in its own process, and the processes take turns; a round is a few hundred calls. The result is the relative difference in CPU time per call from the handwritten client in the same round. That client has the same features as ours: token, ids, timeouts, retries. Tokens come from a credential that reports when they expire, and are 1,500 characters long. Measured with `process.cpuUsage()`, which includes garbage collection and compilation.',
  missed:
    'edge adds a few microseconds per call to the handwritten client with warm code: it checks IDs, limits the size of the body, and keeps ' +
    'the response as plain data for error messages; part of the time is garbage collection',
  async run({ quick }) {
    await using server = await startServer()
    const measured = new Map(
      loads.map(({ inFlight }) => [inFlight, new Map(names.map((name) => [name, [] as number[]]))]),
    )
    // Occasionally start new processes, because the compiler's optimizations last for the lifetime of a process.
    for (let generation = 0; generation < (quick ? 1 : 4); generation++) {
      await measureGeneration(`${server.origin}/ok/v1`, quick ? 10 : 25, measured)
    }
    return loads.flatMap(({ inFlight }) => toRows(inFlight, measured.get(inFlight)!))
  },
}

type Measured = Map<number, Map<string, number[]>>

async function measureGeneration(baseUrl: string, rounds: number, measured: Measured): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const helpers = new Map<string, Helper>()
  for (const name of names) {
    helpers.set(name, stack.use(startHelper('calls.ts', [name, baseUrl])))
    for (const { inFlight } of loads) await helpers.get(name)!.ask({ calls: 1_500, inFlight })
  }
  for (let round = 0; round < rounds; round++) {
    for (const load of loads) {
      for (const name of rotated(names, round)) {
        measured
          .get(load.inFlight)!
          .get(name)!
          .push((await helpers.get(name)!.ask(load)) as number)
      }
    }
  }
}

function toRows(inFlight: number, byName: Map<string, number[]>): Row[] {
  const base = byName.get('hand-written')!
  const rows: Row[] = [
    {
      what: `${clients['hand-written']}, ${inFlight} in flight`,
      reached: withSpread(quartiles(base), 0, ' µs'),
    },
  ]
  for (const name of names) {
    if (name === 'hand-written') continue
    const added = quartiles(byName.get(name)!.map((cpuUs, round) => cpuUs / base[round]! - 1))
    const what = `${clients[name] ?? 'fetch and JSON.parse'}, ${inFlight} in flight`
    const reached = addedWithSpread(added, 2, '')
    rows.push(
      ours.includes(name)
        ? atMost(what, `≤ +${limit.toFixed(2)}`, limit, added.median, reached)
        : { what, reached },
    )
  }
  return rows
}
