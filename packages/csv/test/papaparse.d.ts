// The part of Papa Parse that the tests use to read what this package writes.
declare module 'papaparse' {
  const Papa: {
    Parser: new (options: { delimiter: string; newline: '\n' }) => {
      parse(text: string, baseIndex: number, ignoreLastRow: boolean): { data: string[][] }
    }
  }
  export default Papa
}
