/** What does a command get besides its own arguments? */
import type { Readable } from 'node:stream'

import type { Output, OutputStreams } from '../output/output.ts'

/** What the program uses of the process that it runs in. */
export interface Surroundings extends OutputStreams {
  /** Opens standard input, which most commands leave alone. */
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
  /** What `--verbose` and `--record` ask for. */
  diagnostics: Diagnostics
  /** How the command was started, as a user would type it again. */
  commandName: string
}

/** Where the requests of a command are written; absent when nobody asked for it. */
export interface Diagnostics {
  /** Takes a line for a person to read. */
  log?: ((line: string) => void) | undefined
  /** Takes a line for a support file. */
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
