/** How much does it cost to wait for 10,000 uploads in one process? */
import { atMost, quartiles, rotated, withSpread } from '../measure.ts'
import type { Part, Row } from '../measure.ts'
import { runProgram, startServer } from '../processes.ts'

const labels: Readonly<Record<string, string>> = {
  bare: 'fetch, JSON.parse and a timer with the same jitter',
  client: '@devicebatch/client, wait()',
  'core-lro': '@azure/core-lro',
}
const names = Object.keys(labels)
const heapLimitBytes = 4_500
const cpuLimit = 1.35

export const uploads: Part = {
  name: 'uploads',
  title: 'Waiting for 10,000 uploads in one process',
  how: 'Heap: after a forced garbage collection while all uploads wait for their second poll, with a `fetch` that responds immediately. CPU: three polls each, 8 s apart, with starts spread over 4 s, using Node’s `fetch` and timers and a server in another process; ratios are relative to the first row in the same round.',
  missed:
    'the loop also has the call of edge, a timer for the attempt and a signal. Here the polls of an upload are 8 s apart, so that each ' +
    'response has moved to the old generation of the heap by the time the next one replaces it',
  async run({ quick }) {
    await using server = await startServer()
    const count = quick ? '2000' : '10000'
    const heap = new Map(names.map((name) => [name, [] as number[]]))
    const cpu = new Map(names.map((name) => [name, [] as number[]]))
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      for (const name of rotated(names, round)) {
        heap.get(name)!.push((await runProgram('uploads-heap.ts', [name, count], ['--expose-gc'])) as number)
        cpu.get(name)!.push((await runProgram('uploads-cpu.ts', [name, count, server.origin])) as number)
      }
    }
    return [...names.map((name) => heapRow(name, heap.get(name)!)), ...names.map((name) => cpuRow(name, cpu))]
  },
}

function heapRow(name: string, bytes: number[]): Row {
  const own = quartiles(bytes)
  const what = `${labels[name]}, heap per upload`
  const reached = withSpread(own, 0, ' B')
  return name === 'client'
    ? atMost(what, '≤ 4,500 B', heapLimitBytes, own.median, reached)
    : { what, reached }
}

function cpuRow(name: string, cpu: Map<string, number[]>): Row {
  const base = cpu.get('bare')!
  const what = `${labels[name]}, CPU per upload`
  if (name === 'bare') return { what, reached: withSpread(quartiles(base), 0, ' µs') }
  const ratios = quartiles(cpu.get(name)!.map((cpuUs, round) => cpuUs / base[round]!))
  const reached = withSpread(ratios, 2)
  return name === 'client' ? atMost(what, '≤ 1.35', cpuLimit, ratios.median, reached) : { what, reached }
}
