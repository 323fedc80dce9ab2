/**
 * The public surface of a built package as one text: every export of every entry point with its declaration, without comments,
 * and what those declarations reference without exporting it. It is kept next to the package, so that a change shows up in
 * review.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import ts from 'typescript'

import { readEntryPoints } from './entry-points.ts'

/** Documented as unstable: for our own packages only. */
const unstable = './internal'
/** Generated from the OpenAPI document, which is where its changes are reviewed. */
const generated = /\/openapi\.d\.ts$/

const printer = ts.createPrinter({ removeComments: true })

/** @param folder The package, built. */
export function writeApiReport(folder: string): string {
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const entryPoints = readEntryPoints(folder).filter((entry) => entry.name !== unstable)
  const program = ts.createProgram(
    entryPoints.map(({ types }) => types),
    { lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'], types: [], module: ts.ModuleKind.NodeNext, noEmit: true },
  )
  const checker = program.getTypeChecker()
  const shown = new Set<ts.Symbol>()
  const named = new Set<ts.Symbol>()
  const isOwn = (symbol: ts.Symbol) =>
    symbol.declarations?.[0]?.getSourceFile().fileName.startsWith(join(folder, 'dist/')) ?? false

  const sections = entryPoints.map((entry) => {
    const exported = checker
      .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry.types)!)!)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const lines = exported.flatMap((symbol) => {
      const target = resolve(checker, symbol)
      shown.add(target)
      return isOwn(target) && !isGenerated(target) ? [print(target)] : []
    })
    const elsewhere: Record<string, string[]> = {}
    for (const symbol of exported) {
      const target = resolve(checker, symbol)
      if (!isOwn(target) || isGenerated(target)) (elsewhere[moduleOf(symbol)] ??= []).push(symbol.name)
    }
    for (const [module, names] of Object.entries(elsewhere)) {
      lines.push(`export { ${names.join(', ')} } from ${module}`)
    }
    return [entry.name === '.' ? name : `${name}/${entry.name.slice(2)}`, lines]
  })
  // Symbols found along the way are appended and visited in turn.
  for (const symbol of shown) collectNamed(symbol)
  for (const symbol of named) collectNamed(symbol)
  const unexported = [...named].filter((symbol) => !shown.has(symbol)).map(print)
  if (unexported.length > 0) sections.push(['Named above, not exported', unexported.toSorted()])

  return [
    `# The public surface of ${name}\n`,
    'Written by `npm run api` from the built declarations. A change here is a change for users.\n',
    ...sections.map(
      ([title, lines]) => `## ${title}\n\n\`\`\`ts\n${(lines as string[]).join('\n')}\n\`\`\`\n`,
    ),
  ].join('\n')

  function collectNamed(symbol: ts.Symbol): void {
    if (!isOwn(symbol) || isGenerated(symbol)) return
    const visit = (node: ts.Node): void => {
      const found = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined
      const target = found && resolve(checker, found)
      if (target && isOwn(target) && !isGenerated(target) && statementsOf(target).length > 0)
        named.add(target)
      ts.forEachChild(node, visit)
    }
    statementsOf(symbol).forEach(visit)
  }
}

function resolve(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

function print(symbol: ts.Symbol): string {
  return statementsOf(symbol)
    .map((statement) => printer.printNode(ts.EmitHint.Unspecified, statement, statement.getSourceFile()))
    .join('\n')
}

/** Its top-level declarations: one, or one for each overload. */
function statementsOf(symbol: ts.Symbol): ts.Node[] {
  return (symbol.declarations ?? [])
    .map((node) => (ts.isVariableDeclaration(node) ? node.parent.parent : node))
    .filter((node) => ts.isStatement(node) && ts.isSourceFile(node.parent))
}

function isGenerated(symbol: ts.Symbol): boolean {
  return generated.test(symbol.declarations![0]!.getSourceFile().fileName)
}

/** The module from which the entry point re-exports this. */
function moduleOf(symbol: ts.Symbol): string {
  const declaration = symbol.declarations![0]!
  return ts.isExportSpecifier(declaration) ? declaration.parent.parent.moduleSpecifier!.getText() : 'unknown'
}
