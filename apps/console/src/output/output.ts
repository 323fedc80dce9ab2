/** Where does the command write, and how? */
import { WriteStream } from 'node:tty'
import { styleText } from 'node:util'

import { plainJson, withoutControls } from './format.ts'

/** How text can be styled. */
export type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** What the pure rendering functions need to know about the page. */
export interface Page {
  /** The width of a paragraph in columns, limited so that it is easy to read; `Infinity` if lines are not wrapped. */
  width: number
  /** Styles text, or returns it unchanged if there is no color. */
  style: (format: Format | readonly Format[], text: string) => string
}

/** A stream of the process, or of a test. */
export interface TextStream extends NodeJS.WritableStream {
  isTTY?: boolean
  columns?: number
}

/** What an output is created from. */
export interface OutputStreams {
  stdout: TextStream
  stderr: TextStream
  env: Readonly<Record<string, string | undefined>>
}

/** Where the command writes. */
export interface Output extends Page {
  /** Whether lines can be redrawn, as on a terminal. */
  readonly isLive: boolean
  /** The width of the terminal in columns, for lists; `Infinity` if lines are not wrapped. */
  readonly columns: number
  /** Where the text for people goes. */
  readonly stream: TextStream
  /** Standard output, where data for machines goes. */
  readonly data: TextStream
  /** Writes lines for people; a list of any length is one argument. */
  print(...lines: readonly (string | readonly string[])[]): void
  /** Adds to the one document for machines. */
  record(facts: object): void
  /** Writes that document; nothing without `--json`. */
  finish(): void
}

const widest = 110

/** What standard output is for. */
export type OutputFormat = 'text' | 'json' | 'csv'

/**
 * Text goes to standard output. With `json`, the document does; with `csv`, the CSV of the command does; the text then goes
 * to standard error.
 *
 * Respects NO_COLOR and FORCE_COLOR as Node does, but reads them from `env`.
 *
 * @param ascii Whether a JSON document has no character beyond ASCII.
 */
export function createOutput(
  format: OutputFormat,
  { stdout, stderr, env }: OutputStreams,
  ascii = false,
): Output {
  const stream = format === 'text' ? stdout : stderr
  const isLive = stream.isTTY === true && env['TERM'] !== 'dumb'
  const hasColors = (stream.isTTY === true || env['FORCE_COLOR'] !== undefined) && colorDepth(env) > 2
  const facts: object = {}
  return {
    isLive,
    stream,
    data: stdout,
    get columns() {
      // A terminal that does not know its width says 0.
      return isLive ? stream.columns || widest : Infinity
    },
    get width() {
      return isLive ? Math.min(this.columns, widest) : Infinity
    },
    style: (format, text) => (hasColors ? styleText([format].flat(), text, { validateStream: false }) : text),
    print(...lines) {
      stream.write(
        lines
          .flat()
          .map((line) => `${withoutControls(line)}\n`)
          .join(''),
      )
    },
    record(more) {
      Object.assign(facts, more)
    },
    finish() {
      if (format === 'json') stdout.write(`${plainJson(facts, ascii)}\n`)
    },
  }
}

/** The color depth of a terminal with this environment, in bits. */
function colorDepth(env: OutputStreams['env']): number {
  return WriteStream.prototype.getColorDepth(env)
}
