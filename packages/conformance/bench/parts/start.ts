/** How much do importing and creating a client delay the start of a program? */
import { clients } from '../clients.ts'
import { addedWithSpread, atMost, quartiles, rotated, withSpread } from '../measure.ts'
import type { Part } from '../measure.ts'
import { runProgram } from '../processes.ts'

const names = ['empty', ...Object.keys(clients)]
const limits: Readonly<Record<string, number>> = { edge: 4, client: 7 }

interface Started {
  ageMs: number
  cpuMs: number
}

export const start: Part = {
  name: 'start',
  title: 'Import and creation, compared with an empty script',
  how: 'Node is started repeatedly, with each client in turn. The result is the age of the process when the client has been created, and its CPU time up to then. The packages are the built JavaScript that users install.',
  missed:
    'Node finds each package, and reads, compiles and links each file: two of edge, one more of edge for client, one of client, one of ' +
    'openapi-fetch. All of client in a single file would start 4 ms sooner, but would bring a second copy of the errors of edge; ' +
    'minifying saves 0.5 ms. Creating a client takes 1 ms, in code that runs for the first time',
  async run({ quick }) {
    const starts = new Map(names.map((name) => [name, [] as Started[]]))
    for (let round = 0; round < (quick ? 10 : 60); round++) {
      for (const name of rotated(names, round)) {
        starts.get(name)!.push((await runProgram('start.js', [name])) as Started)
      }
    }
    const base = starts.get('empty')!
    const ages = quartiles(base.map(({ ageMs }) => ageMs))
    const times = quartiles(base.map(({ cpuMs }) => cpuMs))
    return [
      {
        what: 'an empty script',
        reached: `${withSpread(ages, 1, ' ms')}, CPU ${withSpread(times, 1, ' ms')}`,
      },
      ...Object.entries(clients).map(([name, what]) => {
        const own = starts.get(name)!
        const added = quartiles(own.map(({ ageMs }, round) => ageMs - base[round]!.ageMs))
        const addedCpu = quartiles(own.map(({ cpuMs }, round) => cpuMs - base[round]!.cpuMs))
        const reached = `${addedWithSpread(added, 1, ' ms')}, CPU ${addedWithSpread(addedCpu, 1, ' ms')}`
        const limit = limits[name]
        return limit ? atMost(what, `≤ +${limit} ms`, limit, added.median, reached) : { what, reached }
      }),
    ]
  },
}
