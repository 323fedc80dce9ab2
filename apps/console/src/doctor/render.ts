/** How is the result of a check shown? */
import { count } from '../output/format.ts'
import type { Format, Page } from '../output/output.ts'
import { renderParagraph } from '../output/render-text.ts'
import type { Check, CheckName } from './check.ts'
import { checkNames } from './check.ts'

const colors: Readonly<Record<Check['result'], Format>> = {
  ok: 'green',
  warning: 'yellow',
  failure: 'red',
  skipped: 'dim',
}

/** The longest word of each column. */
const resultWidth = 'warning'.length
const nameWidth = Math.max(...checkNames.map((name) => name.length))

/** The lines of a check: the result, what was checked, what was found, and what to do. */
export function renderCheck({ name, result, finding, nextStep }: Check, { width, style }: Page): string[] {
  const lead = `${result.padEnd(resultWidth)}  ${name.padEnd(nameWidth)}  `
  const [first = '', ...more] = renderParagraph(finding, width, lead)
  // A link that is broken into two lines cannot be opened.
  const [step = '', link] = (nextStep ?? '').split(/ (?=https:\S+$)/)
  const steps = step === '' ? [] : renderParagraph(step, width, ' '.repeat(lead.length))
  if (link !== undefined) steps.push(link)
  return [styleResult(result, first, style), ...more, ...steps]
}

function styleResult(result: Check['result'], line: string, style: Page['style']): string {
  return style(colors[result], line.slice(0, resultWidth)) + line.slice(resultWidth)
}

/** The checks that a failure prevented, in one paragraph; no lines if there are none. */
export function renderUnmade(names: readonly CheckName[], { width, style }: Page): string[] {
  if (names.length === 0) return []
  const lead = `${'skipped'.padEnd(resultWidth)}  `
  const text = `Because of the failure above, not checked: ${names.join(', ')}.`
  const [first = '', ...more] = renderParagraph(text, width, lead)
  return [styleResult('skipped', first, style), ...more]
}

/** The last line. */
export function renderVerdict(checks: readonly Check[], { style }: Page): string {
  const number = (result: Check['result']): number => checks.filter((check) => check.result === result).length
  const [failures, warnings] = [number('failure'), number('warning')]
  const counts = [failures > 0 && count(failures, 'failure'), warnings > 0 && count(warnings, 'warning')]
  const text = counts.filter(Boolean).join(', ')
  if (failures > 0) return style('red', `${text}: uploads cannot work yet.`)
  if (warnings > 0) return style('yellow', `${text}: see above what to do.`)
  return style('green', 'Everything that an upload needs is in order.')
}
