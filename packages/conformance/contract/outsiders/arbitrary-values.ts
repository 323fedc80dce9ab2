/** Values that a schema of the document allows. */
import * as fc from 'fast-check'

import type { Document, Schema } from './document.ts'
import { resolve } from './document.ts'

/** Any value that a schema of the document allows. */
export function valueOf(document: Document, schema: Schema): fc.Arbitrary<unknown> {
  if (Object.keys(schema).length === 0) return fc.jsonValue()
  if (schema.$ref) return valueOf(document, resolve(document, schema.$ref) as Schema)
  if (schema.allOf) {
    const parts = schema.allOf.map((part) => valueOf(document, part))
    return fc.tuple(...parts).map((values) => Object.assign({}, ...(values as object[])) as unknown)
  }
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((part) => valueOf(document, part)))
  return fc.oneof(...[schema.type ?? []].flat().map((type) => valueOfType(document, type, schema)))
}

function valueOfType(document: Document, type: string, schema: Schema): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], minimum, maximum } = schema
  switch (type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer({
        ...(minimum !== undefined && { min: minimum }),
        ...(maximum !== undefined && { max: maximum }),
      })
    case 'array':
      return fc.array(valueOf(document, schema.items ?? {}), { maxLength: 3 })
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valueOf(document, one)])),
        { requiredKeys: required },
      )
    default:
      return textOf(schema)
  }
}

function textOf({ format, pattern, minLength = 0, ...schema }: Schema): fc.Arbitrary<unknown> {
  if (format === 'uuid') return fc.uuid()
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  const words = schema['x-extensible-enum'] ?? []
  const any = fc.string({ unit: 'grapheme-ascii', minLength, maxLength: 20 })
  return words.length > 0 ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, any) : any
}
