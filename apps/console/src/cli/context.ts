/** What every command is given beside its own arguments. */
import type { Output } from '../output/output.ts'

/** The surroundings of a command. */
export interface CommandContext {
  output: Output
  /** Aborted with an {@link Interruption} when the user ends the command. */
  signal: AbortSignal
  /** How the command was started, as a user would type it again. */
  commandName: string
}

/** The user ended the command. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  readonly exitCode: number

  constructor(exitCode: number) {
    super('interrupted')
    this.exitCode = exitCode
  }
}
