/** The table of operations in the README. `node packages/conformance/contract/operations/table.ts` writes it. */
import { readSection, writeSection } from '../../shared/readme-section.ts'
import { rows } from './operations.ts'

/** The table as it is to be. */
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

/** The table as it stands in the README. */
export function writtenTable(): string {
  return readSection('operations')
}

if (import.meta.main) writeSection('operations', operationTable())
