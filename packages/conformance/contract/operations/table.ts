/** The table in docs/operations.md. `npm run docs:operations` writes it. */
import type { WrittenSection } from '../../shared/written-section.ts'
import { readSection, writeSection } from '../../shared/written-section.ts'
import { rows } from './operations.ts'

const section: WrittenSection = { document: 'docs/operations.md', name: 'operations' }

/** The expected table. */
export function operationTable(): string {
  const head = [
    'operation',
    '.NET SDK',
    'Java SDK',
    'PowerShell',
    'pliancy',
    '`@devicebatch/client`',
    '`devicebatch`',
  ]
  const body = rows.map(({ operation, net, java, powershell, pliancy, method, command }) => [
    operation,
    net,
    java,
    powershell,
    pliancy,
    `\`${method}\``,
    command ? `\`${command}\`` : 'no',
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}

/** The table in its document. */
export function writtenTable(): string {
  return readSection(section)
}

if (import.meta.main) writeSection(section, operationTable())
