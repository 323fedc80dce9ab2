/** What does a status of 100,000 devices cost? */
import { clients } from '../clients.ts'
import { atMost, quartiles, rotated, withSpread } from '../measure.ts'
import type { Part, Row } from '../measure.ts'
import { runProgram, startServer } from '../processes.ts'
import type { LargeRead } from '../programs/large.ts'

const labels: Readonly<Record<string, string>> = {
  raw: 'fetch and JSON.parse',
  edge: clients['edge']!,
  client: clients['client']!,
  'client-wait': '@devicebatch/client, wait() with its report',
  'openapi-fetch': clients['openapi-fetch']!,
  ky: clients['ky']!,
  axios: clients['axios']!,
}
const names = Object.keys(labels)
const timeLimits: Readonly<Record<string, number>> = { edge: 1.1, client: 1.1, 'client-wait': 1.4 }
const memoryLimit = 1.2

export const large: Part = {
  name: 'large',
  title: 'A status of 100,000 devices (14.7 MB), compared with `fetch` and `JSON.parse`',
  how: 'Each read runs in a new process, after one small call. The table has the wall time and the CPU time; memory is the peak of the process (`maxRSS`), including Node itself.',
  missed:
    'in addition to reading it, `wait()` walks through all 100,000 devices, to count their outcomes and to keep those that failed.',
  async run({ quick }) {
    await using server = await startServer()
    const reads = new Map(names.map((name) => [name, [] as LargeRead[]]))
    for (let round = 0; round < (quick ? 4 : 25); round++) {
      for (const name of rotated(names, round)) {
        reads.get(name)!.push((await runProgram('large.ts', [name, server.origin])) as LargeRead)
      }
    }
    return [...toRows(reads, 'time'), ...toRows(reads, 'memory')]
  },
}

function toRows(reads: Map<string, LargeRead[]>, of: 'time' | 'memory'): Row[] {
  const base = reads.get('raw')!
  return names.map((name) => {
    const own = reads.get(name)!
    const ratio = (fact: keyof LargeRead) =>
      quartiles(own.map((read, round) => read[fact] / base[round]![fact]))
    const what = `${labels[name]}, ${of}`
    if (name === 'raw') {
      const [fact, unit]: [keyof LargeRead, number] = of === 'time' ? ['wallMs', 1] : ['peakBytes', 1e6]
      const values = quartiles(base.map((read) => read[fact] / unit))
      return { what, reached: withSpread(values, 0, of === 'time' ? ' ms' : ' MB') }
    }
    const ratios = ratio(of === 'time' ? 'wallMs' : 'peakBytes')
    const cpu = of === 'time' ? `, CPU ${withSpread(ratio('cpuMs'), 2)}` : ''
    const reached = withSpread(ratios, 2) + cpu
    const limit = name in timeLimits ? (of === 'time' ? timeLimits[name]! : memoryLimit) : undefined
    return limit ? atMost(what, `≤ ${limit.toFixed(2)}`, limit, ratios.median, reached) : { what, reached }
  })
}
