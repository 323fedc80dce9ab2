/** How soon does an abort take effect? */
import { atMost, quartiles } from '../measure.ts'
import type { Part } from '../measure.ts'
import { runProgram, startServer } from '../processes.ts'
import type { Heard } from '../programs/abort.ts'

const limitMs = 20

export const abort: Part = {
  name: 'abort',
  title: 'From an abort to the rejection',
  how: 'A call is aborted 40 ms after its start: while the server is silent, has sent half of the body, has sent a Retry-After of 57 s, or has reported that the batch is running.',
  async run({ quick }) {
    await using server = await startServer()
    const heard = (await runProgram('abort.ts', [server.origin, quick ? '10' : '100'])) as Heard
    return Object.entries(heard).map(([what, times]) => {
      const slowest = Math.max(...times)
      const reached = `${quartiles(times).median.toFixed(2)} ms, at most ${slowest.toFixed(2)} ms`
      return atMost(what, `≤ ${limitMs} ms, always`, limitMs, slowest, reached)
    })
  },
}
