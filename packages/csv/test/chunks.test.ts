import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { chunksOf, hashOf, header, outline, read, utf16 } from './helpers.ts'

const awkward = [
  `\uFEFF${header}\r`,
  `1R9-ZNP67,,,"Fabrikam 15"" Geräte",戴尔 𝕏\r\n`,
  `,,${hashOf(1)},,\r\n\r\n`,
  '"open,K1,,,\r\n',
  `S1,"K2"  ,,,"two\r\nlines"\n`,
  '1.2E+11,,,C,M\r\r\n',
  ',K3,,,',
].join('\n')

test.each([
  ['UTF-8', new TextEncoder().encode(awkward)],
  ['UTF-16LE', utf16(awkward, 'le', false)],
  ['UTF-16BE', utf16(awkward, 'be', false)],
])('%s yields the same rows byte by byte and in one chunk', async (_, bytes) => {
  const whole = await read(bytes)
  expect(outline(whole)).toEqual([
    '2:ok',
    '4:ok',
    '7:malformed-quotes',
    '9:invisible-character',
    '12:scientific-notation',
    '14:ok',
  ])
  expect(await read(chunksOf(bytes, 1))).toEqual(whole)
})

test('the rows are the same however bytes or text are cut into chunks', async () => {
  const bytes = new TextEncoder().encode(awkward)
  const whole = await read(bytes)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(awkward.length), { maxLength: 12 }),
      fc.boolean(),
      async (cuts, asText) => {
        const source = asText ? cutAt(awkward, cuts) : cutAt(bytes, cuts)
        expect(await read(source as AsyncIterable<string>)).toEqual(whole)
      },
    ),
    { numRuns: 150 },
  )
})

test('a source may use the memory of a chunk again for the next one', async () => {
  const bytes = new TextEncoder().encode(awkward)
  const whole = await read(bytes)
  const memory = new Uint8Array(bytes.length)
  async function* reusing(cuts: readonly number[]): AsyncGenerator<Uint8Array> {
    for await (const chunk of cutAt(bytes, cuts)) {
      memory.set(chunk)
      yield memory.subarray(0, chunk.length)
    }
  }
  for (let at = 1; at < bytes.length; at += 1) {
    expect(await read(reusing([at]))).toEqual(whole)
    expect(await read(reusing([at, at + 7]))).toEqual(whole)
  }
})

const text = fc.string({
  unit: fc.constantFrom('a', '1', '"', ',', ';', '\n', '\r', ' ', 'K', '\t', '=', '\u{1F600}'),
  maxLength: 200,
})

test('after a valid header, no text makes reading fail, line numbers increase, and chunks do not matter', async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (body, size) => {
      const file = `Product Key,Notes\n${body}`
      const rows = await read(file)
      const lastLine = file.split(/\r\n|\r|\n/).length
      let before = 1
      for (const { line } of rows) {
        expect(line).toBeGreaterThan(before)
        expect(line).toBeLessThanOrEqual(lastLine)
        before = line
      }
      expect(await read(chunksOf(file, size))).toEqual(rows)
    }),
    { numRuns: 500 },
  )
})

test('a chunk that is long enough to be parsed separately may end anywhere', async () => {
  // Longer than the minimum piece, so that the parser really sees two texts.
  const start = `Product Key,Notes\nK0,${'x'.repeat(40_000)}\nK00,${'x'.repeat(40_000)}\n`
  await fc.assert(
    fc.asyncProperty(text, fc.nat(200), async (body, cut) => {
      const at = start.length + Math.min(cut, body.length)
      const file = start + body
      const whole = await read(file)
      expect(await read(cutAt(file, [at]))).toEqual(whole)
      expect(await read(cutAt(new TextEncoder().encode(file), [at]))).toEqual(whole)
    }),
    { numRuns: 500 },
  )
})

test('a chunk may end anywhere in a quoted value, an escaped quote or a line ending', async () => {
  const start = `Product Key,Manufacturer,Notes\r\nK0,,${'x'.repeat(40_000)}\r\nK00,,${'x'.repeat(40_000)}\r\n`
  const file = `${start}"K2" ,"15"" Co","a\r\n""b"""\r\n"K3","C","c"\r\n "K4" , "C",\r\n`
  for (let at = start.length; at <= file.length; at += 1) {
    const rows = await read(cutAt(file, [at]))
    const shown = rows
      .slice(2)
      .map(({ line, device }) => [line, device?.productKey, device?.oemManufacturerName])
    expect(shown).toEqual([
      [4, 'K2', '15" Co'],
      [6, 'K3', 'C'],
      [7, 'K4', 'C'],
    ])
  }
})

async function* cutAt<T extends string | Uint8Array>(whole: T, cuts: readonly number[]): AsyncGenerator<T> {
  const edges = [...new Set([0, ...cuts, whole.length])].toSorted((a, b) => a - b)
  for (const [index, start] of edges.entries())
    yield whole.slice(start, edges[index + 1] ?? whole.length) as T
}
