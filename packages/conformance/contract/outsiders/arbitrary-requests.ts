/** Valid and invalid requests, generated only from the document. */
import * as fc from 'fast-check'

import { valueOf } from './arbitrary-values.ts'
import type { Document, Operation, Parameter } from './document.ts'
import { documentedArguments } from './document.ts'

/** A request as it goes over the wire. */
export interface WireRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string | undefined
}

export interface Attempt {
  operationId: Operation['operationId']
  /** What was broken; `nothing` in a valid request. */
  broken: 'nothing' | 'body' | 'text' | 'path' | 'header' | 'token' | 'method'
  request: WireRequest
}

/** A valid request for an operation, mostly with existing IDs. */
export function validRequest(document: Document, operation: Operation): fc.Arbitrary<WireRequest> {
  const named = (place: Parameter['in']): Parameter[] =>
    operation.parameters.filter((parameter) => parameter.in === place)
  const headers = named('header')
  const query = named('query')
  const body = operation.body
    ? fc.oneof(
        fc.constantFrom(...Object.values(operation.body.examples ?? {}).map(({ value }) => value)),
        valueOf(document, operation.body.schema),
      )
    : fc.constant(undefined)
  return fc
    .record({
      ids: fc.record(
        valuesOf(named('path'), ({ schema, examples }) => {
          const known = Object.values(examples ?? {}).map(({ value }) => value)
          return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, valueOf(document, schema))
        }),
      ),
      headers: fc.record(
        valuesOf(headers, ({ schema }) => valueOf(document, schema)),
        {
          requiredKeys: headers.filter(({ required }) => required).map(({ name }) => name),
        },
      ),
      query: fc.record(
        valuesOf(query, ({ schema, examples }) => {
          const known = Object.values(examples ?? {}).map(({ value }) => value)
          return fc.oneof(fc.constantFrom(...known), valueOf(document, schema))
        }),
        { requiredKeys: [] },
      ),
      body,
    })
    .map((parts) => ({
      method: operation.method.toUpperCase(),
      path: pathOf(operation, parts.ids) + queryOf(parts.query),
      headers: { ...parts.headers, ...(parts.body !== undefined && json) },
      body: JSON.stringify(parts.body),
    }))
}

/** The request that the document gives as its example. */
export function documentedRequest(operation: Operation): WireRequest {
  const { body, ...given } = documentedArguments(operation)
  return {
    method: operation.method.toUpperCase(),
    path: pathOf(operation, given as Record<string, string>),
    headers: { ...ids(), ...(body !== undefined && json) },
    body: JSON.stringify(body),
  }
}

/** The two IDs of every request. */
export function ids(): Record<string, string> {
  return { 'MS-RequestId': crypto.randomUUID(), 'MS-CorrelationId': crypto.randomUUID() }
}

const json = { 'Content-Type': 'application/json' }

function pathOf({ path }: Operation, given: Record<string, string>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given[name]!))
}

function queryOf(given: Partial<Record<string, string>>): string {
  const query = new URLSearchParams(given as Record<string, string>).toString()
  return query === '' ? '' : `?${query}`
}

/** A valid request of any operation, or one in which something is broken. */
export function attempts(document: Document, operations: Operation[]): fc.Arbitrary<Attempt> {
  return fc.constantFrom(...operations).chain((operation) =>
    fc
      .tuple(
        validRequest(document, operation),
        fc.constantFrom(
          ...(['nothing', 'nothing', 'path', 'header', 'token', 'method'] as const),
          ...inBody(operation),
        ),
        fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
        oddText,
        fc.oneof(fc.jsonValue(), fc.constantFrom('', 0, -1, null, [], {}, 'x'.repeat(5_000))),
      )
      .map(([request, broken, numbers, text, value]) => {
        const left = [...numbers]
        const next = (limit: number): number => (left.pop() ?? 0) % limit
        return {
          operationId: operation.operationId,
          broken,
          request: breakers[broken](request, { next, text, value }),
        }
      }),
  )
}

function inBody({ body }: Operation): Attempt['broken'][] {
  return body ? ['body', 'body', 'text'] : []
}

interface Breakage {
  /** A whole number from 0 and below `limit`. */
  next: (limit: number) => number
  text: string
  value: unknown
}

const breakers: Record<Attempt['broken'], (request: WireRequest, breakage: Breakage) => WireRequest> = {
  nothing: (request) => request,
  /** Part of the body is replaced or omitted. */
  body: (request, breakage) => ({
    ...request,
    body: JSON.stringify(breakPart(JSON.parse(request.body!), breakage)),
  }),
  /** The body is not JSON. */
  text: (request, { next, text }) => ({
    ...request,
    body: [text, request.body!.slice(0, next(request.body!.length)), `${request.body}}`, '['.repeat(20_000)][
      next(4)
    ],
  }),
  /** One segment of the path is replaced; the query is removed. */
  path: (request, { next, text }) => {
    const segments = request.path.replace(/\?.*/, '').split('/')
    segments[1 + next(segments.length - 1)] = encodeURIComponent(text)
    return { ...request, path: segments.join('/') }
  },
  header: (request, { next, text }) => {
    const names = [
      'MS-RequestId',
      'MS-CorrelationId',
      'MS-ContinuationToken',
      'X-Locale',
      'Content-Type',
      'If-Match',
    ]
    return { ...request, headers: { ...request.headers, [names[next(names.length)]!]: printable(text) } }
  },
  token: (request, { next, text }) => ({
    ...request,
    headers: { ...request.headers, Authorization: ['', 'Bearer', `Bearer ${printable(text)}`][next(3)]! },
  }),
  method: (request, { next }) => ({
    ...request,
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'][next(5)]!,
  }),
}

/** The part of a text that a header can contain. */
function printable(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?').trim()
}

function breakPart(value: unknown, breakage: Breakage): unknown {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
  if (keys.length === 0 || breakage.next(4) === 0) return breakage.value
  const key = keys[breakage.next(keys.length)]!
  const copy = structuredClone(value) as Record<string, unknown>
  if (breakage.next(3) === 0) {
    if (Array.isArray(copy)) copy.splice(Number(key), 1)
    else delete copy[key]
  } else copy[key] = breakPart(copy[key], breakage)
  return copy
}

const oddText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.uuid(),
  fc.constantFrom(
    '',
    '.',
    '..',
    '%',
    ' ',
    '__proto__',
    '../../v1',
    'a/b',
    '\u0000',
    '\uFEFF',
    'ä'.repeat(300),
  ),
)

/** Values for parameters, by name. */
function valuesOf(
  parameters: Parameter[],
  valueFor: (parameter: Parameter) => fc.Arbitrary<unknown>,
): Record<string, fc.Arbitrary<string>> {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, valueFor(parameter).map(String)]))
}
