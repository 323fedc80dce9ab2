/** What does a command get besides its own arguments? */
import type { Readable } from 'node:stream'

import type { CommandLineOptions } from '../output/command-line.ts'
import type { Output, OutputStreams } from '../output/output.ts'

/** The parts of its process that the program uses. */
export interface Surroundings extends OutputStreams {
  /** Opens standard input, which most commands do not use. */
  stdin: () => Readable & { isTTY?: boolean }
  cwd: string
  /** The path of the script that was started. */
  script: string
  /** Aborted with an {@link Interruption} when the user interrupts the command. */
  signal: AbortSignal
}

/** The surroundings of one command. */
export interface CommandContext extends Surroundings {
  output: Output
  /** Where `--verbose` and `--record` write. */
  diagnostics: Diagnostics
  /** How the command was started, as a user would type it again. */
  commandName: string
  /** A command line that the user can type next, with the same settings. */
  commandLine: (words: readonly string[], options: CommandLineOptions) => string
}

/** Where the requests of a command are written; absent without `--verbose` or `--record`. */
export interface Diagnostics {
  /** Writes a line for people. */
  log?: ((line: string) => void) | undefined
  /** Writes a line to the support file. */
  record?: ((line: string) => void) | undefined
}

/** The user interrupted the command. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  readonly exitCode: number

  constructor(exitCode: number) {
    super('interrupted')
    this.exitCode = exitCode
  }
}
