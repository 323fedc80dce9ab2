/**
 * Which globals does a built package need from the runtime? Those that the compiler does not find with ECMAScript 2023 alone,
 * without DOM, Node or Workers.
 */
import { relative } from 'node:path'

import ts from 'typescript'

export interface Findings {
  /** Sorted. A static member is listed with its object: `AbortSignal.timeout`. */
  globals: string[]
  /** Other compiler errors in the declarations, by file and line. */
  problems: string[]
}

/** The compiler's error codes for an undeclared name or namespace. */
const unknownName = new Set([2304, 2318, 2503, 2552, 2580, 2582, 2583, 2584, 2585, 2591, 2592, 2868])

/**
 * @param folder The package. Its own files are checked, not those of its dependencies.
 * @param files Declarations, whose problems are reported, or JavaScript, of which only the globals are: it was type-checked before the build.
 */
export function findGlobals(folder: string, files: string[]): Findings {
  const program = ts.createProgram(files, {
    lib: ['lib.es2023.d.ts'],
    types: [],
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    allowJs: true,
    checkJs: true,
    maxNodeModuleJsDepth: 0,
    noEmit: true,
    strict: true,
    noImplicitAny: false,
  })
  const globals = new Set<string>()
  const problems: string[] = []
  const isOwn = ({ fileName }: ts.SourceFile) => /^(?!\.\.|node_modules)/.test(relative(folder, fileName))
  const declarations = files.every((file) => file.endsWith('.d.ts'))
  const own = program
    .getSourceFiles()
    .filter((file) => isOwn(file) && file.fileName.endsWith(declarations ? '.d.ts' : '.js'))
  for (const file of own) {
    for (const { code, start, messageText } of [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]) {
      const node = findNode(file, start!)
      if (unknownName.has(code)) globals.add(nameOf(node))
      else if (declarations) {
        const { line } = file.getLineAndCharacterOfPosition(start!)
        const message = ts.flattenDiagnosticMessageText(messageText, ' ')
        problems.push(`${relative(folder, file.fileName)}:${line + 1}: ${message}`)
      }
    }
    for (const name of findOnGlobalThis(file)) globals.add(name)
    for (const { fileName } of [...file.typeReferenceDirectives, ...file.libReferenceDirectives]) {
      problems.push(`${relative(folder, file.fileName)}: /// <reference> to "${fileName}"`)
    }
  }
  return { globals: [...globals].toSorted(), problems }
}

/** The innermost node that starts at this position. */
function findNode(file: ts.SourceFile, start: number): ts.Node {
  const search = (node: ts.Node): ts.Node =>
    ts.forEachChild(node, (child) => (child.pos <= start && start < child.end ? search(child) : undefined)) ??
    node
  return search(file)
}

function nameOf(node: ts.Node): string {
  const { parent } = node
  const isObject = ts.isPropertyAccessExpression(parent) && parent.expression === node
  const isNamespace = ts.isQualifiedName(parent) && parent.left === node
  return isObject || isNamespace ? parent.getText() : node.getText()
}

/** `globalThis.fetch` is not a compiler error, but needs the same from the runtime as `fetch`. */
function findOnGlobalThis(file: ts.SourceFile): string[] {
  const names: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'globalThis')
      names.push(node.name.text)
    if (ts.isQualifiedName(node) && node.left.getText() === 'globalThis') names.push(node.right.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return names
}
