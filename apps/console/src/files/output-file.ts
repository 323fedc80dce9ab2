/** Where does `--output` write? To a file that replaces the old one as a whole, and that no shell can re-encode. */
import { resolve } from 'node:path'
import { Writable } from 'node:stream'

import type { TextStream } from '../output/output.ts'
import type { TypedText } from './used-files.ts'
import { checkUsedFiles } from './used-files.ts'
import { checkTarget, writeUserFile } from './user-file.ts'

/** Replaces standard output. */
export interface OutputFile {
  stream: TextStream
  /** Makes sure, before anything else, that it can be written. Rejects with `InvalidArgumentError`. */
  check(): Promise<void>
  /** What the stream received. */
  text(): string
  /** Writes the text. Rejects with `InvalidArgumentError`. */
  save(): Promise<void>
}

/**
 * Creates it; writes nothing yet.
 *
 * @param path The file, as the user typed it.
 * @param typed What the user typed: no other file in it may be replaced.
 */
export function createOutputFile(path: string, cwd: string, typed: readonly TypedText[]): OutputFile {
  const chunks: string[] = []
  const target = resolve(cwd, path)
  const text = (): string => chunks.join('')
  return {
    stream: new Writable({
      decodeStrings: false,
      write(chunk: string, _, done) {
        chunks.push(chunk)
        done()
      },
    }),
    async check() {
      await checkTarget(target, '--output')
      await checkUsedFiles(typed, cwd)
    },
    text,
    save: () => writeUserFile(target, text(), `The file ${path} of --output`),
  }
}
