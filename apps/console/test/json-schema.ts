/** Does a JSON document of the command match the published schema? */
import { readFileSync } from 'node:fs'

import type { ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'vitest'

const url = new URL('../json-output.schema.json', import.meta.url)
export const schema = JSON.parse(readFileSync(url, 'utf8')) as { $id?: string; $defs: Record<string, object> }
const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).addSchema(schema, 'output')

const groups = new Set(['policies', 'tracker', 'tracker webhooks'])

/** Expects standard output to be a valid document of the command that the arguments name. */
export function expectDocument(args: readonly string[], stdout: string): void {
  const document = JSON.parse(stdout) as { error?: { code?: string } }
  let [command = '', ...others] = args
  for (; groups.has(command); others = others.slice(1)) command = `${command} ${others[0]}`
  const name = document.error?.code === 'usage' ? 'usage' : command
  const validate: ValidateFunction | undefined = ajv.getSchema(`output#/$defs/${encodeURIComponent(name)}`)
  if (!validate) throw new Error(`The schema has no document "${name}".`)
  validate(document)
  expect(validate.errors ?? [], `the document of ${name}`).toEqual([])
}
