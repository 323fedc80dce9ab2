/**
 * Which globals does a built package take from the runtime? What the compiler does not know when it knows only ECMAScript 2023,
 * and no DOM, no Node, no Workers.
 */
import { relative } from 'node:path'

import ts from 'typescript'

export interface Findings {
  /** Sorted. A static member stands with its object: `AbortSignal.timeout`. */
  globals: string[]
  /** Whatever else the compiler says of the declarations, by file and line. */
  problems: string[]
}

/** The compiler's numbers for a name, or a namespace, that nobody declares. */
const unknownName = new Set([2304, 2318, 2503, 2552, 2580, 2582, 2583, 2584, 2585, 2591, 2592, 2868])

/**
 * @param folder The package. Its own files are looked at, and not those of its dependencies.
 * @param files Declarations (their problems are reported), or JavaScript (only its globals are: it was typed before it was built).
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
    .filter((file) => isOwn(file) && file.isDeclarationFile === declarations)
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

/** The innermost node that starts there. */
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

/** `globalThis.fetch` is no error for the compiler, and takes from the runtime what `fetch` takes. */
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
