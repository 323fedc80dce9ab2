/** Checks responses against the published OpenAPI document. */

import openapi from '@devicebatch/contract/openapi.json' with { type: 'json' }
import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv/dist/2020.js'

interface Answers {
  operationId: string
  responses: Record<string, { $ref?: string; content?: Record<string, unknown> }>
}

/** Stricter than the document can be for the service: the emulator invents no property. */
const document = structuredClone(openapi)
for (const schema of Object.values(document.components.schemas)) {
  if ('properties' in schema) Object.assign(schema, { additionalProperties: false })
}

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strict: false })
addFormats.default(ajv)
ajv.addSchema(document, 'openapi.json')
const validators = new Map<string, ValidateFunction>()

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

/** JSON pointers of the operations, by operation ID. */
const operations = new Map(
  Object.entries<Partial<Record<(typeof methods)[number], Answers>>>(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method]
      const pointer = `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}`
      return operation ? [[operation.operationId, { ...operation, pointer }] as const] : []
    }),
  ),
)

/** Every operation of the document. */
export const operationIds = [...operations.keys()]

/**
 * How a response violates the document; empty if it does not. `operationId` is undefined for a path or method that is not in the
 * document, which must be refused.
 */
export async function problemsOf(operationId: string | undefined, answer: Response): Promise<string[]> {
  const { status, headers } = answer
  const text = await answer.text()
  const operation = operationId === undefined ? undefined : operations.get(operationId)
  if (operationId !== undefined && !operation) return [`${operationId} is not in the document.`]
  if (!operation) {
    return status < 400 ? [`${status} for what the document does not have.`] : problemsWith(fault, text)
  }

  const word = [String(status), `${String(status)[0]}XX`, 'default'].find((key) => key in operation.responses)
  if (word === undefined || (word === 'default' && status < 400)) return [`${status} is not in the document.`]
  const reference = operation.responses[word]?.$ref
  const pointer = reference?.slice(1) ?? `${operation.pointer}/responses/${word}`
  const response = reference
    ? (document.components.responses as Answers['responses'])[reference.split('/').at(-1) ?? '']
    : operation.responses[word]
  const problems: string[] = []
  if (status === 202 && !headers.has('Location')) problems.push('202 without Location')
  if (!response?.content)
    return text === '' ? problems : [...problems, `a body where none is documented: ${text}`]
  if (!headers.get('Content-Type')?.startsWith('application/json'))
    return [...problems, 'a body that is not JSON']
  return [...problems, ...problemsWith(`${pointer}/content/application~1json/schema`, text)]
}

const fault = '/components/schemas/Fault'

function problemsWith(pointer: string, text: string): string[] {
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi.json#${encodeURI(pointer)}` })
  validators.set(pointer, validate)
  let body: unknown
  try {
    body = JSON.parse(text.replace('\uFEFF', ''))
  } catch {
    return [`no JSON: ${text}`]
  }
  return validate(body)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
}
