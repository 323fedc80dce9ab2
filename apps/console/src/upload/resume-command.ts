/** What are the options of `upload`, and which of them continue it? */
import type { CommandContext } from '../cli/context.ts'

/** The options of `devicebatch upload`. */
export interface UploadOptions {
  customer?: string
  batch: string
  strict?: boolean
  /** Send nothing, only show what would be sent. */
  dryRun?: boolean
  /** Start over, whatever the journal says. */
  restart?: boolean
  /** Send what failed with a transient error or never reached the service. */
  retry?: boolean
  /** Send what is not registered. */
  onlyFailed?: boolean
  /** False with `--no-wait`. */
  wait: boolean
  chunkSize?: number
  journal?: string
  results?: string
  encoding?: string
  emulator?: string
  /** Milliseconds. */
  interval?: number
  /** Milliseconds. */
  timeout?: number
}

/** The command that continues the upload; the journal has the other choices. */
export function resumeCommand(
  { commandLine }: Pick<CommandContext, 'commandLine'>,
  path: string,
  options: UploadOptions,
): string {
  const { customer, batch, strict, chunkSize, journal, results, encoding, emulator } = options
  return commandLine(['upload', path], {
    customer,
    batch,
    strict,
    'chunk-size': chunkSize,
    journal,
    results,
    encoding,
    emulator,
  })
}
