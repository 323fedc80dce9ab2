// What this package uses of Papa Parse. `@types/papaparse` would bring Node's globals into a package that runs everywhere.
declare module 'papaparse' {
  interface ParseResult {
    data: string[][]
    errors: { code: string }[]
    meta: { cursor: number }
  }

  interface ParserOptions {
    delimiter: string
    newline: '\n'
    step?: (result: ParseResult) => void
  }

  export interface Parser {
    parse(text: string, baseIndex: number, ignoreLastRow: boolean): ParseResult
    abort(): void
  }

  const Papa: {
    Parser: new (options: ParserOptions) => Parser
    unparse(rows: string[][], options: { newline: string }): string
  }
  export default Papa
}
