/** TypeScript's language service on a line of code that uses our types: what an editor shows. */
import { fileURLToPath } from 'node:url'

import ts from 'typescript'

const source = fileURLToPath(new URL('editor.fixture.ts', import.meta.url))

export interface Editor {
  service: ts.LanguageService
  file: string
  /** The position of the cursor. */
  position: number
}

/** An editor with `code` and the cursor at its `|`. The names in `types` are imported. */
export function editorWith(types: string[], code: string): Editor {
  const imports = `import type { ${types.join(', ')} } from '../src/index.ts'\n`
  const text = imports + code.replace('|', '')
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({
      module: ts.ModuleKind.NodeNext,
      strict: true,
      exactOptionalPropertyTypes: true,
      allowImportingTsExtensions: true,
      noEmit: true,
      types: [],
    }),
    getCurrentDirectory: () => fileURLToPath(new URL('.', import.meta.url)),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getScriptFileNames: () => [source],
    getScriptSnapshot: (file) => {
      const content = file === source ? text : ts.sys.readFile(file)
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
    },
    getScriptVersion: () => '1',
    fileExists: (file) => file === source || ts.sys.fileExists(file),
    readFile: (file) => ts.sys.readFile(file),
  })
  return { service, file: source, position: imports.length + code.indexOf('|') }
}
