/** Reads a CSV file with one parser and reports how many records it found and how long it took. Arguments: parser, file. */
import { createReadStream } from 'node:fs'

/** Each loads its parser and returns a function that counts the records of a stream, including the header if the parser yields it. */
const loaders = {
  async readDevices() {
    const { readDevices } = await import('@devicebatch/csv')
    return async (source) => {
      let records = 1
      for await (const { device, problem, note } of readDevices(source)) {
        if (!device) throw new Error((problem ?? note).message)
        records++
      }
      return records
    }
  },
  async udsv() {
    const { inferSchema, initParser } = await import('udsv')
    return async (source) => {
      let records = 1
      let parser
      const count = () => {
        records++
      }
      for await (const text of source.setEncoding('utf8')) {
        parser ??= initParser(inferSchema(text))
        parser.chunk(text, parser.stringArrs, count)
      }
      parser.end()
      return records
    }
  },
  async papaparse() {
    const { default: Papa } = await import('papaparse')
    return async (source) => {
      let records = 0
      await new Promise((complete, error) => {
        const chunk = ({ data }) => {
          records += data.length
        }
        Papa.parse(source, { chunk, complete, error, skipEmptyLines: true })
      })
      return records
    }
  },
  async 'csv-parse'() {
    const { parse } = await import('csv-parse')
    return (source) => countItems(source.pipe(parse()))
  },
  async 'fast-csv'() {
    const { parseStream } = await import('fast-csv')
    return (source) => countItems(parseStream(source))
  },
  async reading() {
    return countItems
  },
}

const [parser, file] = process.argv.slice(2)
const countRecords = await loaders[parser]()
const startedAt = performance.now()
const records = await countRecords(createReadStream(file))
process.send({ records, wallMs: performance.now() - startedAt })

async function countItems(items) {
  let count = 0
  for await (const _ of items) count++
  return count
}
