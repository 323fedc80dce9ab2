// What the tests use of Papa Parse, which reads what this package writes.
declare module 'papaparse' {
  const Papa: {
    Parser: new (options: { delimiter: string; newline: '\n' }) => {
      parse(text: string, baseIndex: number, ignoreLastRow: boolean): { data: string[][] }
    }
  }
  export default Papa
}
