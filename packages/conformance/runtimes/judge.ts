/**
 * Checks the packages' requests to an emulator, and its responses, against our own document. The judge is Prism, an independent
 * tool.
 */
import type { Emulator } from '@devicebatch/emulator'

import { strictDocument } from '../contract/outsiders/document.ts'
import { createJudge } from '../contract/outsiders/prism.ts'

/** An emulator whose traffic is checked. */
export interface WatchedEmulator extends Emulator {
  /** How the traffic has violated the document so far. */
  violations: () => Promise<string[]>
}

/** Paths that tests request although the document has no operation for them, and why. */
const exceptions = [
  {
    path: /^\/v1\/\//,
    reason:
      'A caller of the bare partner fetch can pass any path. One test passes an origin without its scheme, to check that it is treated as a path.',
  },
]

const judge = createJudge(strictDocument())

/** Checks every API call. A response that a fault changed is ignored: the fault is supposed to break things. */
export function watchEmulator(emulator: Emulator): WatchedEmulator {
  const verdicts: Promise<string[]>[] = []
  return {
    ...emulator,
    async fetch(input, init) {
      const request = new Request(input, init)
      const { pathname } = new URL(request.url)
      // A browser's preflight uses OPTIONS; the packages did not send it.
      const isCall = pathname.startsWith('/v1/') && request.method !== 'OPTIONS'
      if (!isCall || exceptions.some(({ path }) => path.test(pathname))) return await emulator.fetch(request)
      const asked = request.clone()
      const answering = emulator.fetch(request)
      const record = emulator.requests.at(-1)!
      const answer = await answering
      const given = record.fault === undefined ? answer.clone() : undefined
      verdicts.push(judgeOne(asked, given, record.operation ?? pathname))
      return answer
    },
    violations: async () => (await Promise.all(verdicts)).flat(),
  }
}

async function judgeOne(asked: Request, given: Response | undefined, operation: string): Promise<string[]> {
  const violations = await (
    await judge
  )(
    {
      method: asked.method.toLowerCase() as 'get',
      url: { path: new URL(asked.url).pathname },
      headers: Object.fromEntries(asked.headers),
      body: parse(await asked.text()),
    },
    {
      statusCode: given?.status ?? 200,
      headers: Object.fromEntries(given?.headers ?? []),
      body: given && parse(await given.text()),
    },
  )
  return violations
    .filter(({ location: [part] }) => given !== undefined || part === 'request')
    .map(({ location, message }) => `${operation}: ${location.join('.')}: ${message}`)
}

function parse(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text)
}
