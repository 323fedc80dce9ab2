/**
 * May an optional member be `undefined`? Under `exactOptionalPropertyTypes`, an optional member does not accept `undefined` unless
 * its type includes it, so code that builds a request would have to omit the member explicitly.
 */
import type { OpenAPI3 } from 'openapi-typescript'
import ts from 'typescript'

/** Adds `| undefined` to every optional member of a parameter and of a schema that a request body can contain. */
export function admitUndefined(nodes: ts.Node[], document: OpenAPI3): ts.Node[] {
  const requests = schemasOfRequests(document)
  const { transformed } = ts.transform(nodes, [
    (context) => {
      const inRequest: ts.Visitor = (node) => {
        const inner = ts.visitEachChild(node, inRequest, context)
        return ts.isPropertySignature(inner) ? withUndefined(inner) : inner
      }
      const elsewhere: ts.Visitor = (node) => {
        if (ts.isPropertySignature(node)) {
          const name = nameOf(node)
          if (name === 'parameters' || requests.has(name)) return ts.visitEachChild(node, inRequest, context)
        }
        return ts.visitEachChild(node, elsewhere, context)
      }
      return (node) => ts.visitEachChild(node, elsewhere, context)
    },
  ])
  return transformed
}

/** The names of the schemas that the request bodies of a document refer to, directly or through others. */
function schemasOfRequests({ paths = {}, components }: OpenAPI3): Set<string> {
  const names = new Set<string>()
  const collect = (node: object): void => {
    for (const [key, child] of Object.entries<unknown>({ ...node })) {
      if (key === '$ref' && typeof child === 'string') {
        const name = child.replace('#/components/schemas/', '')
        const schema = components?.schemas?.[name]
        if (names.has(name) || !schema) continue
        names.add(name)
        collect(schema)
      } else if (typeof child === 'object' && child !== null) {
        collect(child)
      }
    }
  }
  for (const item of Object.values<object>(paths)) {
    for (const operation of Object.values<{ requestBody?: object }>({ ...item })) {
      if (operation.requestBody) collect(operation.requestBody)
    }
  }
  return names
}

function nameOf({ name }: ts.PropertySignature): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : ''
}

function withUndefined(property: ts.PropertySignature): ts.PropertySignature {
  const { type } = property
  // What is never sent stays unchanged.
  if (!property.questionToken || !type || type.kind === ts.SyntaxKind.NeverKeyword) return property
  const types = ts.isUnionTypeNode(type) ? type.types : [type]
  const { factory } = ts
  return factory.updatePropertySignature(
    property,
    property.modifiers,
    property.name,
    property.questionToken,
    factory.createUnionTypeNode([...types, factory.createKeywordTypeNode(ts.SyntaxKind.UndefinedKeyword)]),
  )
}
