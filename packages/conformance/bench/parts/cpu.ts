/** What does a call cost beyond `fetch` and `JSON.parse`? */
import { clients } from '../clients.ts'
import { atMost, quartiles, rotated, withSpread } from '../measure.ts'
import type { Part, Row } from '../measure.ts'
import { startHelper, startServer } from '../processes.ts'
import type { Helper } from '../processes.ts'

const names = ['raw', ...Object.keys(clients)]
const limits: Readonly<Record<string, number>> = { edge: 1.2, client: 1.35 }
/** Calls of one round: some tens of milliseconds. */
const loads = [
  { inFlight: 1, calls: 150 },
  { inFlight: 64, calls: 512 },
]

export const cpu: Part = {
  name: 'cpu',
  title: 'CPU of a call, against `fetch` and `JSON.parse`',
  how: 'The 446-byte status document from a server in another process. Each client in a process of its own, which takes turns with the others; a round is some hundred calls, its ratio that to `fetch` in the same round. Tokens come from a credential that tells when they expire, and are 1,500 characters long. `process.cpuUsage()`: garbage collection and compiling are in it.',
  missed:
    'a signal, a timer and headers alone are the row "written by hand". What edge adds to that is about 5 µs a call with warm code: ids ' +
    'that are made and checked, limits, the loop, and an answer kept as plain data, a third of it for the garbage collector',
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
  const base = byName.get('raw')!
  const rows: Row[] = [
    {
      what: `fetch and JSON.parse, ${inFlight} in flight`,
      reached: withSpread(quartiles(base), 0, ' µs'),
    },
  ]
  for (const [name, label] of Object.entries(clients)) {
    const ratios = quartiles(byName.get(name)!.map((cpuUs, round) => cpuUs / base[round]!))
    const limit = limits[name]
    const reached = withSpread(ratios, 2)
    const what = `${label}, ${inFlight} in flight`
    rows.push(
      limit ? atMost(what, `≤ ${limit.toFixed(2)}`, limit, ratios.median, reached) : { what, reached },
    )
  }
  return rows
}
