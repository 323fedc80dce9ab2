/** The document, read once, and what the tests ask of it: a validator of any schema in it, and a walk over its nodes. */
import { readFileSync } from 'node:fs'

import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { parse } from 'yaml'

export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

/** Any object of the document, with those of its possible properties that the tests look at. */
export interface Node {
  $ref?: string
  additionalProperties?: unknown
  content?: Record<string, Node>
  description?: string
  example?: Json
  /** Named examples, which stand beside a `schema`; those inside a schema are an array that no test reads. */
  examples?: Record<string, { externalValue?: string; value?: Json }>
  format?: string
  headers?: Record<string, Node>
  in?: string
  items?: unknown
  name?: string
  parameters?: Node[]
  properties?: Record<string, Node>
  required?: string[] | boolean
  schema?: Node
  type?: string | string[]
}

export interface Operation {
  operationId: string
  parameters?: Node[]
  responses: Record<string, Node>
  security: Record<string, string[]>[]
}

export interface Document {
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation> & { parameters: Node[] }>
  components: Record<'schemas' | 'parameters' | 'headers' | 'responses', Record<string, Node>>
}

const specUrl = new URL('../', import.meta.url)

export const document: Document = parse(readFileSync(new URL('openapi.yaml', specUrl), 'utf8'))

/** Reads a JSON file beside the document, such as `examples/list-devices.response.json`. */
export function readJson(path: string): Json {
  return JSON.parse(readFileSync(new URL(path, specUrl), 'utf8'))
}

/** Reads a JSON file that holds an object. */
export function readObject(path: string): JsonObject {
  return JSON.parse(readFileSync(new URL(path, specUrl), 'utf8'))
}

/** Reads the items of a JSON file that holds a collection. */
export function readItems(path: string): JsonObject[] {
  const collection: { items: JsonObject[] } = JSON.parse(readFileSync(new URL(path, specUrl), 'utf8'))
  return collection.items
}

/** Words that were met where the document lists known words, and that it does not list. */
export const unlistedWords: string[] = []

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictRequired: false })
addFormats.default(ajv)
ajv.addKeyword({
  keyword: 'x-extensible-enum',
  schemaType: 'array',
  validate: (words: string[], value: string) => {
    if (!words.includes(value)) unlistedWords.push(value)
    return true
  },
})
// The document is not a schema, but the schemas in it refer to each other through it.
ajv.addVocabulary(Object.keys(document))
ajv.addSchema(document, 'openapi.yaml')

const validators = new Map<string, ValidateFunction>()

/** What is wrong with a value by the schema at a JSON pointer of the document; empty when nothing is. */
export function problemsOf(value: unknown, pointer: string): ErrorObject[] {
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi.yaml#${encodeURI(pointer)}` })
  validators.set(pointer, validate)
  return validate(value) ? [] : (validate.errors ?? [])
}

/** The JSON pointer of a component schema. */
export function schema(name: string): string {
  return `/components/schemas/${name}`
}

/** Every object of the document with its JSON pointer, outermost first. */
export function* walk(node: object = document, pointer = ''): Generator<{ node: Node; pointer: string }> {
  if (!Array.isArray(node)) yield { node, pointer }
  for (const [key, child] of Object.entries<unknown>({ ...node })) {
    if (typeof child !== 'object' || child === null) continue
    yield* walk(child, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  }
}

/** What a `$ref` of the document stands for. */
export function resolve(node: Node): Node {
  if (node.$ref === undefined) return node
  const target = [...walk()].find(({ pointer }) => `#${pointer}` === node.$ref)
  if (!target) throw new Error(`${node.$ref} is not in the document.`)
  return target.node
}

/** The body as the service reads it, names without regard to case: maps PascalCase names to ours. */
export function camelCase(body: Json): Json {
  if (Array.isArray(body)) return body.map((item) => camelCase(item))
  if (body === null || typeof body !== 'object') return body
  return Object.fromEntries(
    Object.entries(body).map(([key, child]) => [
      key.charAt(0).toLowerCase() + key.slice(1),
      camelCase(child),
    ]),
  )
}
