/** What does the wait for an upload look like? Lines from data: nothing is read or written here. */
import type { DeviceCounts } from '@devicebatch/client'
import stringWidth from 'string-width'

import { count, formatDuration, plainText } from './format.ts'
import type { Format, Page } from './output.ts'

/** The progress of an upload. */
export interface ProgressView {
  /** The service's status value for the batch; absent before the first response. */
  status?: string | undefined
  counts?: DeviceCounts | undefined
  /** While devices are being sent: how many of them were accepted so far. */
  accepted?: number | undefined
  /** How many devices were or will be sent, if that is known. */
  sent?: number | undefined
  elapsedMs: number
  /** The time to the next poll; absent while one is in progress. */
  nextPollMs?: number | undefined
  /** What was done to a device that succeeded. Default: `registered`. */
  done?: string | undefined
  /** Why the last poll failed. */
  trouble?: string | undefined
}

/** Two lines that are redrawn: a bar with the progress, and the counts with the elapsed time. */
export function renderLiveProgress(view: ProgressView, page: Page): string[] {
  const { elapsedMs, nextPollMs = 0, trouble } = view
  const { total, done } = extent(view)
  const figures = total > 0 ? `${count(done)} of ${count(total, 'device')}` : ''
  const room = page.width - stringWidth(figures) - 3
  const bar = room >= 10 ? renderBar(view, total, Math.min(room, 50), page) : ''
  const notes = [
    trouble ? page.style('yellow', trouble) : stateOf(view),
    ...describeCounts(view, page),
    formatDuration(elapsedMs),
    ...(nextPollMs >= 1_000 ? [`next poll in ${formatDuration(nextPollMs)}`] : []),
  ]
  return [
    [bar, figures].filter(Boolean).join('  '),
    fitting(notes, page.width).join(page.style('dim', ' · ')),
  ]
}

/** One line for a log. */
export function renderPlainProgress(view: ProgressView, page: Page): string {
  const { accepted } = view
  const { total, done } = extent(view)
  if (accepted !== undefined) return `${stateOf(view)}: ${count(done)} of ${count(total, 'device')} accepted`
  if (total === 0) return `${stateOf(view)}: no devices listed yet`
  const details = describeCounts(view, page).join(', ')
  return `${stateOf(view)}: ${count(done)} of ${count(total, 'device')} done${details && ` (${details})`}`
}

function stateOf({ accepted, status }: ProgressView): string {
  return accepted === undefined ? plainText(status ?? 'accepted') : 'sending'
}

function extent({ accepted, counts, sent = 0 }: ProgressView): { total: number; done: number } {
  const total = Math.max(sent, counts?.total ?? 0)
  if (accepted !== undefined) return { total, done: accepted }
  return { total, done: counts ? counts.total - counts.pending : 0 }
}

function describeCounts({ counts, done = 'registered' }: ProgressView, { style }: Page): string[] {
  if (!counts) return []
  const { succeeded, alreadyRegistered, failed, unresolved } = counts
  const parts: [number, Format, string][] = [
    [succeeded + alreadyRegistered, 'green', done],
    [failed, 'red', 'failed'],
    [unresolved, 'yellow', 'unresolved'],
  ]
  return parts.flatMap(([number, format, word]) =>
    number > 0 ? [style(format, `${count(number)} ${word}`)] : [],
  )
}

/** The bar shows the results of the devices, not only how many are done. */
function renderBar(
  { accepted, counts }: ProgressView,
  total: number,
  width: number,
  { style }: Page,
): string {
  const { succeeded = 0, alreadyRegistered = 0, failed = 0, unresolved = 0 } = counts ?? {}
  const upTo = (number: number): number => (total > 0 ? Math.floor((number / total) * width) : 0)
  if (accepted !== undefined) {
    const sent = upTo(accepted)
    return style('cyan', '█'.repeat(sent)) + style('dim', '░'.repeat(width - sent))
  }
  const good = upTo(succeeded + alreadyRegistered)
  const done = upTo(succeeded + alreadyRegistered + failed + unresolved)
  // A failure is visible, however small its share.
  const bad = failed + unresolved > 0 ? Math.max(1, done - good) : 0
  const filled = Math.min(width, Math.max(done, bad))
  return (
    style('green', '█'.repeat(filled - bad)) +
    style('red', '█'.repeat(bad)) +
    style('dim', '░'.repeat(width - filled))
  )
}

/** As many notes as fit on one line. */
function fitting(notes: readonly string[], width: number): string[] {
  const fit: string[] = []
  for (const note of notes) {
    if (stringWidth([...fit, note].join(' · ')) > width) break
    fit.push(note)
  }
  return fit
}
