/** Prism, a third-party mock server and validating proxy (https://github.com/stoplightio/prism), on loopback. */
import { createInstance, getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { createServer } from '@stoplight/prism-http-server'

import type { Document } from './document.ts'

type PrismRequest = Parameters<ReturnType<typeof createInstance>['request']>[0]
type Logger = Parameters<typeof createServer>[1]['components']['logger']
type Forward = NonNullable<Parameters<typeof createInstance>[1]['forward']>

/** A violation that Prism finds in a request or a response. */
export interface Violation {
  /** `request` or `response`, then `header`, `path` or `body`, then where in it. */
  location: string[]
  message: string
}

export interface PrismServer extends AsyncDisposable {
  /** Ends in `/v1`. */
  baseUrl: string
}

/** A response in Prism's format: the body is parsed if it is JSON. */
export interface PrismAnswer {
  statusCode: number
  headers: Record<string, string>
  body: unknown
}

const settings = {
  checkSecurity: true,
  validateRequest: true,
  validateResponse: true,
  upstreamProxy: undefined,
  mock: { dynamic: false },
}

/**
 * Starts Prism as a mock that returns the document's examples and rejects invalid requests; with `upstream`, as
 * a proxy that forwards everything and reports violations of the document in the header `sl-violations`.
 */
export async function startPrism(document: Document, upstream?: string): Promise<PrismServer> {
  const server = createServer(await getHttpOperationsFromSpec(structuredClone(document)), {
    cors: false,
    components: { logger: silent },
    config:
      upstream === undefined
        ? { ...settings, isProxy: false, errors: true }
        : { ...settings, isProxy: true, upstream: new URL(upstream), errors: false },
  })
  const url = await server.listen(0, '127.0.0.1')
  return { baseUrl: `${url}/v1`, [Symbol.asyncDispose]: () => server.close() }
}

/** The violations that a proxy reported for the request and for this response. */
export function violationsIn(answer: Response): Violation[] {
  const text = answer.headers.get('sl-violations')
  if (text === null) return []
  // Prism truncates a list that is too long for a header.
  return text.startsWith('[') ? JSON.parse(text) : [{ location: [], message: text }]
}

/** Prism as a judge without a server: takes a request and its response, and returns the violations of the document. */
export async function createJudge(
  document: Document,
): Promise<(request: PrismRequest, answer: PrismAnswer) => Promise<Violation[]>> {
  const operations = await getHttpOperationsFromSpec(structuredClone(document))
  return async (request, answer) => {
    const forward = (() => () => () =>
      Promise.resolve({ _tag: 'Right', right: answer })) as unknown as Forward
    const prism = createInstance(
      { ...settings, isProxy: true, upstream: new URL('http://127.0.0.1'), errors: false },
      { logger: silent, forward },
    )
    const result = await prism.request(request, operations)()
    if ('left' in result) throw result.left
    const { input, output } = result.right.validations
    const named = (part: string, found: typeof input): Violation[] =>
      found.map(({ path = [], message }) => ({ location: [part, ...path], message }))
    return [...named('request', input), ...named('response', output)]
  }
}

const silent = {
  child: () => silent,
  trace() {},
  debug() {},
  info() {},
  success() {},
  warn() {},
  error() {},
} as unknown as Logger
