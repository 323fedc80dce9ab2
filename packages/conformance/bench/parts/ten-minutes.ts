/** How many requests does it take to wait for a ten-minute batch, and how soon is its end detected? */
import { atMost, quartiles, withSpread } from '../measure.ts'
import type { Part, Row } from '../measure.ts'
import { runProgram } from '../processes.ts'
import type { Waited } from '../programs/ten-minutes.ts'

const requestLimit = 25
const delayLimitMs = 30_000

export const tenMinutes: Part = {
  name: 'ten-minutes',
  title: 'A batch that takes ten minutes',
  how: 'Repeats `create()` and `wait()` with the defaults, with a `fetch` that responds immediately and simulated time. The other two are calculated from their intervals: the PowerShell module polls every 5 s, core-lro every 2 s (and does not recognize `finished` as a final status).',
  async run({ quick }) {
    const all = (await runProgram('ten-minutes.ts', [quick ? '100' : '2000'])) as Waited[]
    const requests = all.map((waited) => waited.requests)
    const delays = all.map(({ delayMs }) => delayMs / 1_000)
    const [mostRequests, longestDelay] = [Math.max(...requests), Math.max(...delays)]
    return [
      atMost(
        '@devicebatch/client, requests',
        `≤ ${requestLimit}, always`,
        requestLimit,
        mostRequests,
        `${withSpread(quartiles(requests), 0)}, at most ${mostRequests}`,
      ),
      atMost(
        '@devicebatch/client, end detected after',
        '≤ 30 s and a round trip, always',
        delayLimitMs / 1_000,
        longestDelay,
        `${withSpread(quartiles(delays), 1, ' s')}, at most ${longestDelay.toFixed(1)} s`,
      ),
      byInterval('PowerShell module', 5),
      byInterval('@azure/core-lro', 2),
    ]
  },
}

function byInterval(what: string, seconds: number): Row {
  return { what, reached: `${600 / seconds} requests, detected after ≤ ${seconds} s` }
}
