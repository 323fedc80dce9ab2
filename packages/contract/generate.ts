/**
 * Writes what this package generates from spec/openapi.yaml: `src/openapi.ts`, the types, and `openapi.json`, the
 * document with its examples inlined. `node generate.ts` writes both, `node generate.ts --check` fails if either is out of
 * date. Both work without a network.
 */
import { readFileSync, writeFileSync } from 'node:fs'

import openapiTS, { astToString } from 'openapi-typescript'
import type { OpenAPI3, SchemaObject } from 'openapi-typescript'
import { parse } from 'yaml'

import { splitDescriptions, toEditorComments } from './generate/comments.ts'
import { admitUndefined } from './generate/optional-members.ts'

/** A generated file: its path from this package, and its expected content. */
export interface GeneratedFile {
  path: string
  text: string
}

interface Document extends OpenAPI3 {
  components: { schemas: Record<string, SchemaObject & { 'x-extensible-enum'?: string[] }> }
}

const specUrl = new URL(import.meta.resolve('@devicebatch/spec/openapi.yaml'))
const packageUrl = new URL('./', import.meta.url)

/** Returns the generated files for an OpenAPI document in YAML; writes nothing. The document's examples are relative to `documentUrl`. */
export async function generate(
  yaml: string = readFileSync(specUrl, 'utf8'),
  documentUrl: URL = specUrl,
): Promise<GeneratedFile[]> {
  const document: Document = parse(yaml)
  inlineExamples(document, documentUrl)
  const described = structuredClone(document)
  splitDescriptions(described)
  const nodes = await openapiTS(described, {
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    silent: true,
  })
  const types = toEditorComments(astToString(admitUndefined(nodes, document)))
  return [
    { path: 'src/openapi.ts', text: `${banner}${types}${knownWords(document)}` },
    { path: 'openapi.json', text: `${JSON.stringify(document, null, 2)}\n` },
  ]
}

/** The paths of those files that are missing or different below `directory`. */
export function findStale(files: GeneratedFile[], directory: URL = packageUrl): string[] {
  return files
    .filter((file) => readIfThere(new URL(file.path, directory)) !== file.text)
    .map((file) => file.path)
}

const banner = '// Generated from spec/openapi.yaml by `npm run generate`. Do not edit.\n\n'

/** Examples are in separate files next to the document; a published document must include them. */
function inlineExamples(node: object, documentUrl: URL): void {
  if ('externalValue' in node && typeof node.externalValue === 'string') {
    Object.assign(node, { value: JSON.parse(readFileSync(new URL(node.externalValue, documentUrl), 'utf8')) })
    delete node.externalValue
  }
  for (const child of Object.values<unknown>({ ...node })) {
    if (typeof child === 'object' && child !== null) inlineExamples(child, documentUrl)
  }
}

/** The values of `x-extensible-enum`, which openapi-typescript ignores: as closed unions, which `index.ts` opens. */
function knownWords({ components }: Document): string {
  const lines = Object.entries(components.schemas).flatMap(([name, { 'x-extensible-enum': words }]) =>
    words ? [`    ${name}: ${words.map((word) => JSON.stringify(word)).join(' | ')};`] : [],
  )
  return `export interface knownWords {\n${lines.join('\n')}\n}\n`
}

function readIfThere(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

if (import.meta.main) {
  const files = await generate()
  if (process.argv.includes('--check')) {
    const stale = findStale(files)
    if (stale.length > 0) {
      console.error(
        `packages/contract: ${stale.join(' and ')} ${stale.length > 1 ? 'do' : 'does'} not match spec/openapi.yaml. ` +
          'Run `npm run generate` at the root and commit what it writes.',
      )
      process.exitCode = 1
    }
  } else {
    for (const file of files) writeFileSync(new URL(file.path, packageUrl), file.text)
  }
}
