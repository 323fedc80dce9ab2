/**
 * Fails when Scalar's validator refuses `openapi.yaml`: a second opinion beside Redocly, by another reading of the OpenAPI
 * standard. What it refuses, most tools that take the document refuse too.
 */
import { readFileSync } from 'node:fs'

import { validate } from '@scalar/openapi-parser'

/** What Scalar's validator says against a document in YAML, one line for each error; empty when it accepts it. */
export async function findErrors(yaml: string): Promise<string[]> {
  const { errors = [] } = await validate(yaml)
  return errors.map(({ message, path }) => `${String(path ?? '')}: ${message}`)
}

if (import.meta.main) {
  const errors = await findErrors(readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8'))
  for (const error of errors) console.error(`spec/openapi.yaml${error}`)
  if (errors.length > 0) process.exitCode = 1
}
