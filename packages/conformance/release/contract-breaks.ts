/**
 * Which programs does a change of the OpenAPI document break? The compiler tells: the types of both documents are generated, and
 * for each operation of the earlier one it checks whether the same requests are still accepted, and whether responses can still
 * be read the same way.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import openapiTS, { astToString } from 'openapi-typescript'
import type { OpenAPI3, OperationObject } from 'openapi-typescript'
import ts from 'typescript'

/** Something that must still hold: a line of TypeScript that compiles only if it does. */
interface Expectation {
  what: string
  line: string
}

/** What a program written for `before` can no longer rely on, one sentence each. */
export async function findBreaks(before: OpenAPI3, now: OpenAPI3): Promise<string[]> {
  const earlier = operationsOf(before)
  const left = operationsOf(now)
  const gone = [...earlier].flatMap(([name, { responses = {} }]) => {
    const operation = left.get(name)
    if (!operation) return [`${name} is gone.`]
    return Object.keys(responses)
      .filter((status) => !(status in (operation.responses ?? {})))
      .map((status) => `${name}: its answer ${status} is gone.`)
  })
  const schemas = Object.keys(before.components?.schemas ?? {})
  gone.push(
    ...schemas
      .filter((name) => !now.components?.schemas?.[name])
      .map((name) => `The schema ${name} is gone.`),
  )
  const kept = [...earlier].filter(([name]) => left.has(name))
  return [...gone, ...(await tryOut(kept.flatMap(expectationsOf), before, now))]
}

/** By method and path. */
function operationsOf({ paths = {} }: OpenAPI3): Map<string, OperationObject> {
  return new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, OperationObject>)
        .filter(([, operation]) => 'responses' in operation)
        .map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    ),
  )
}

function expectationsOf([name, { responses = {} }]: [string, OperationObject]): Expectation[] {
  const [method, path] = name.split(' ')
  const of = (version: string): string => `${version}.paths['${path}']['${method!.toLowerCase()}']`
  const [was, is] = [of('before'), of('now')]
  const expect = (what: string, from: string, to: string): Expectation => ({
    what: `${name}: ${what}`,
    line: `const _: ${to} = null! as ${from}`,
  })
  return [
    expect('what it takes', `Sent<${was}>`, `Sent<${is}>`),
    expect('what it takes', `Members<Sent<${is}>>`, `Members<Sent<${was}>>`),
    ...Object.keys(responses).flatMap((status) => {
      const key = status === 'default' ? `'default'` : status
      const [answered, answers] = [`Answer<${was}, ${key}>`, `Answer<${is}, ${key}>`]
      return [
        expect(`its answer ${status}`, answers, answered),
        expect(`its answer ${status}`, `Members<${answers}>`, `Members<${answered}>`),
      ]
    }),
  ]
}

const types = `
import type * as before from './before.ts'
import type * as now from './now.ts'
type Sent<Operation> = Operation extends { parameters: infer Parameters; requestBody?: infer Body }
  ? { parameters: Parameters; body: Body }
  : never
type Answer<Operation, Status> = Operation extends { responses: infer Responses }
  ? Status extends keyof Responses ? Responses[Status] : never
  : never
/** The names alone, including optional ones: a program that uses a removed name breaks. */
type Members<T> = T extends string | number | boolean ? unknown
  : T extends readonly (infer Item)[] ? Members<Item>[]
  : { [Key in keyof T]-?: Members<NonNullable<T[Key]>> }
`

async function tryOut(expectations: Expectation[], before: OpenAPI3, now: OpenAPI3): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'devicebatch-contract-'))
  try {
    await writeFile(join(folder, 'before.ts'), await typesOf(before))
    await writeFile(join(folder, 'now.ts'), await typesOf(now))
    const file = join(folder, 'expectations.ts')
    const lines = expectations.map(({ line }, index) => `export ${line.replace('_', `_${index}`)}`)
    await writeFile(file, [...lines, types].join('\n'))
    return [
      ...new Set(compile(file).map(([line, message]) => `${expectations[line]!.what}: ${tell(message)}`)),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function typesOf(document: OpenAPI3): Promise<string> {
  return astToString(await openapiTS(structuredClone(document), { silent: true }))
}

/** The compiler's diagnostics, with the lines they refer to. */
function compile(file: string): [line: number, message: string][] {
  const program = ts.createProgram([file], {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.Preserve,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: [],
  })
  return ts.getPreEmitDiagnostics(program).map(({ file: source, start = 0, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, '\n')
    if (source?.fileName !== file) throw new Error(`The types of a document do not compile: ${text}`)
    return [source.getLineAndCharacterOfPosition(start).line, text]
  })
}

/** The place in the body and the compiler's most specific message, without the types that it quotes in full. */
function tell(message: string): string {
  const where = [...message.matchAll(/types? of (?:property )?'(.+?)'/gi)].map((match) => match[1]!).join('.')
  const last = message.split('\n').at(-1)!.trim()
  const property = /^Property '(.+?)' is (missing|optional)/.exec(last)
  const words = property ? `'${property[1]}' is ${property[2]}.` : last
  return where && where !== property?.[1] ? `${words} (${where})` : words
}
