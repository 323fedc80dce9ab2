/** How do paragraphs and tables fit on a page? */
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

import { largest } from './format.ts'

/** The lines of a paragraph, all except the first indented by the width of `lead`. */
export function renderParagraph(text: string, width: number, lead = ''): string[] {
  const indent = stringWidth(lead)
  const lines = wrap(text, width - indent)
  return lines.map((line, index) => (index === 0 ? lead : ' '.repeat(indent)) + line)
}

/**
 * The lines of a table without borders, so that it can be copied into an email.
 *
 * @param rows The rows, including the header, all of the same length. Columns are as wide as their widest cell, and the last one
 * wraps.
 */
export function renderTable(rows: readonly (readonly string[])[], width: number, lead = ''): string[] {
  const widths = rows[0]?.map((_, column) => largest(rows.map((row) => stringWidth(row[column] ?? '')))) ?? []
  return rows.flatMap((row) => {
    const start = row
      .slice(0, -1)
      .map((cell, column) => cell + ' '.repeat(widths[column]! - stringWidth(cell) + 2))
      .join('')
    return renderParagraph(row.at(-1) ?? '', width, lead + start).map((line) => line.trimEnd())
  })
}

function wrap(text: string, width: number): string[] {
  if (width === Infinity) return [text]
  return wrapAnsi(text, Math.max(width, 20), { hard: true }).split('\n')
}
