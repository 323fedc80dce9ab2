/** How are the devices that need attention shown? Grouped by reason, with one explanation each. */
import { fitTable } from './fit-columns.ts'
import { count, plainText } from './format.ts'
import type { DeviceInNeed } from './needs-attention.ts'
import type { Page } from './output.ts'
import { renderParagraph } from './render-text.ts'

/** The lines; with more than `listed` devices of a kind, the rest is in the results file. */
export function renderNeeds(needs: readonly DeviceInNeed[], page: Page, listed: number): string[] {
  const groups = Map.groupBy(needs, ({ outcome, errorCode, errorName, meaning }) =>
    JSON.stringify([outcome, errorCode, errorName, meaning]),
  )
  return [...groups.values()].flatMap((group) => ['', ...renderGroup(group, page, listed)])
}

const columns = [
  { heading: 'Line', isWhole: true },
  { heading: 'Serial number', isWhole: true },
  { heading: 'Manufacturer' },
  { heading: 'Model' },
]

function renderGroup(group: readonly DeviceInNeed[], page: Page, listed: number): string[] {
  const { outcome, errorCode, errorName, meaning, remedy } = group[0]!
  const error = plainText([errorCode, errorName].filter(Boolean).join(' ')) || outcome
  const [format, word] =
    outcome === 'failed' ? (['red', 'failed'] as const) : (['yellow', 'unresolved'] as const)
  const rows = group
    .slice(0, listed)
    .map((device) => [
      device.line === undefined ? '' : String(device.line),
      plainText(device.serialNumber ?? (device.productKey ? `product ID ${device.productKey}` : 'not named')),
      plainText(device.manufacturer ?? ''),
      plainText(device.model ?? ''),
    ])
  const indent = '    '
  const { lines } = fitTable(columns, rows, page.width - indent.length, (head) => page.style('dim', head))
  return [
    page.style([format, 'bold'], error) + `  ${count(group.length, 'device')} ${word}`,
    ...renderParagraph(plainText(meaning), page.width, '  Meaning     '),
    ...renderParagraph(plainText(remedy), page.width, '  What to do  '),
    ...lines.map((line) => indent + line),
    ...(group.length > listed
      ? [`    … and ${count(group.length - listed)} more, all in the results file`]
      : []),
  ]
}
