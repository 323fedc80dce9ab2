/** Where does `--output` write? To a file that replaces the old one as a whole, and that no shell can re-encode. */
import { resolve } from 'node:path'
import { Writable } from 'node:stream'

import { InvalidArgumentError } from '@devicebatch/client'
import { isSameFile } from '@devicebatch/files'

import type { TextStream } from '../output/output.ts'
import { checkTarget, writeUserFile } from './user-file.ts'

/** Replaces standard output. */
export interface OutputFile {
  stream: TextStream
  /** Makes sure, before anything else, that it can be written. Rejects with `InvalidArgumentError`. */
  check(): Promise<void>
  /** Writes what the stream received. Rejects with `InvalidArgumentError`. */
  save(): Promise<void>
}

/**
 * Creates it; writes nothing yet.
 *
 * @param path The file, as the user typed it.
 * @param typed What else the user typed: none of these files may be replaced.
 */
export function createOutputFile(path: string, cwd: string, typed: readonly string[]): OutputFile {
  const chunks: string[] = []
  const target = resolve(cwd, path)
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
      for (const other of typed) {
        if (await isSameFile(target, resolve(cwd, other)).catch(() => false))
          throw new InvalidArgumentError(
            `--output ${path} is a file that this command uses. Name another file.`,
          )
      }
    },
    save: () => writeUserFile(target, chunks.join(''), `The file ${path} of --output`),
  }
}
