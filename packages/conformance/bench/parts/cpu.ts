/** What does a call cost beyond one of a client written by hand? */
import { clients } from '../clients.ts'
import { addedWithSpread, atMost, quartiles, rotated, withSpread } from '../measure.ts'
import type { Part, Row } from '../measure.ts'
import { startHelper, startServer } from '../processes.ts'
import type { Helper } from '../processes.ts'

const names = ['raw', ...Object.keys(clients)]
const ours = ['edge', 'client']
/** How much more of its own a call may take than the one written by hand, which has the same features. */
const limit = 0.1
/** Calls of one round: some tens of milliseconds. */
const loads = [
  { inFlight: 1, calls: 150 },
  { inFlight: 64, calls: 512 },
]

export const cpu: Part = {
  name: 'cpu',
  title: 'CPU of a call, against a client written by hand',
  how: 'The 446-byte status document from a server in another process. Each client in a process of its own, which takes turns with the others; a round is some hundred calls, and what counts is how much more or less a call takes than one of the client written by hand in the same round, as a part of the latter. That client has the same features as ours: token, ids, timeouts, retries. Tokens come from a credential that tells when they expire, and are 1,500 characters long. `process.cpuUsage()`: garbage collection and compiling are in it.',
  missed:
    'what edge adds to a client written by hand is some microseconds a call with warm code: ids that are checked, a body that is read ' +
    'within limits, and a response kept as plain data for the errors about it, part of it for the garbage collector',
  async run({ quick }) {
    await using server = await startServer()
    const measured = new Map(
      loads.map(({ inFlight }) => [inFlight, new Map(names.map((name) => [name, [] as number[]]))]),
    )
    // Fresh processes now and then: what the compiler made of one stays with it.
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
