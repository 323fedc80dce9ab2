/** Our own document, adapted for other tools. Nothing here adds a fact about the service. */
import type { operations } from '@devicebatch/contract'
import openapi from '@devicebatch/contract/openapi.json' with { type: 'json' }

export type OperationId = keyof operations

interface Schema {
  properties?: Record<string, unknown>
  additionalProperties?: boolean
}

interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  examples?: Record<string, { value: unknown }>
}

interface Content {
  examples?: Record<string, { value: unknown }>
}

interface Answer {
  headers?: Record<string, { $ref: string }>
  content?: Record<string, Content>
}

/** An operation with its references resolved, except for schemas. */
export interface Operation {
  operationId: OperationId
  method: string
  path: string
  parameters: Parameter[]
  body: Content | undefined
  responses: Record<string, Answer>
}

export interface Document {
  servers: { url: string }[]
  paths: Record<string, Record<string, unknown>>
  components: {
    schemas: Record<string, Schema>
    parameters: Record<string, Parameter>
    headers: Record<string, { example?: unknown }>
  }
}

const methods = ['get', 'post', 'put', 'patch', 'delete']

/**
 * The document with its paths below `/v1`. The original paths are relative to a server URL that ends in `/v1`, but Prism serves
 * whatever is in `paths` at its root.
 */
export function documentBelowV1(): Document {
  const document = structuredClone(openapi) as unknown as Document
  const paths = Object.entries(document.paths).map(([path, item]) => [`/v1${path}`, item])
  return { ...document, servers: [{ url: '/' }], paths: Object.fromEntries(paths) }
}

/**
 * The same, stricter than the document can be for the real service: our own packages must not send or return undocumented
 * properties, and must send both IDs that the documentation's headers page requires with each request.
 */
export function strictDocument(): Document {
  const document = documentBelowV1()
  for (const schema of Object.values(document.components.schemas)) {
    if (schema.properties) schema.additionalProperties = false
  }
  for (const name of ['RequestId', 'CorrelationId']) document.components.parameters[name]!.required = true
  return document
}

/** Every operation of a document. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods
      .filter((method) => method in item)
      .map((method) => {
        const operation = item[method] as {
          operationId: OperationId
          parameters?: { $ref: string }[]
          requestBody?: { content: Record<string, Content> }
          responses: Record<string, Answer & { $ref?: string }>
        }
        const references = [...(item['parameters'] as { $ref: string }[]), ...(operation.parameters ?? [])]
        return {
          operationId: operation.operationId,
          method,
          path,
          parameters: references.map(({ $ref }) => resolve(document, $ref) as Parameter),
          body: operation.requestBody?.content['application/json'],
          responses: Object.fromEntries(
            Object.entries(operation.responses).map(([status, answer]) => [
              status,
              answer.$ref ? (resolve(document, answer.$ref) as Answer) : answer,
            ]),
          ),
        }
      }),
  )
}

/** The document's example path parameters and body for this operation, by name. */
export function documentedArguments({ parameters, body }: Operation): Record<string, unknown> {
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  const ids = inPath.map(({ name, examples }) => [name, Object.values(examples ?? {})[0]?.value])
  return { ...Object.fromEntries(ids), body: Object.values(body?.examples ?? {})[0]?.value }
}

/** Resolves a reference such as `#/components/schemas/Device`. */
function resolve(document: Document, reference: string): unknown {
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document)
}
