/** Shows the progress of an upload: a moving bar on a terminal, one line for each change elsewhere. */
import type { AttemptEvent, DeviceCounts, PartnerCenterEvent, WaitEvent } from '@devicebatch/client'
import { createLogUpdate } from 'log-update'

import { formatDuration, formatTime } from './format.ts'
import type { Output } from './output.ts'
import type { ProgressView } from './render-progress.ts'
import { renderLiveProgress, renderPlainProgress } from './render-progress.ts'

/** The progress of one upload. */
export interface Progress {
  /** Follows the events of the calls; pass it to the client as `observe`. */
  observe: (event: PartnerCenterEvent) => void
  /** Starts showing progress; with `accepted`, that of sending devices, of which this many were accepted before. */
  start(sent: number | undefined, accepted?: number): void
  /** Shows how many devices were accepted while others still have to be sent; `note` is for a log. */
  showAccepted(accepted: number, note: string): void
  /** Shows a change. */
  show(change: { status: string | undefined; counts: DeviceCounts }): void
  /** Stops at once and clears the terminal. */
  stop(): void
}

/**
 * Creates a progress display on this output; until it is started, it shows only the waits of failed calls.
 *
 * @param done What was done to a device that succeeded. Default: `registered`.
 */
export function createProgress(output: Output, done?: string): Progress {
  const view: ProgressView = { elapsedMs: 0, done }
  // Without the width of the terminal, nobody knows how many lines to redraw.
  const canRedraw = output.isLive && output.stream.columns !== 0
  const log = canRedraw ? createLogUpdate(output.stream) : undefined
  let startedAt = 0
  let nextPollAt: number | undefined
  let timer: NodeJS.Timeout | undefined

  const draw = (): void => {
    if (!timer || !log) return
    const now = performance.now()
    view.elapsedMs = now - startedAt
    view.nextPollMs = nextPollAt === undefined ? undefined : Math.max(0, nextPollAt - now)
    log(renderLiveProgress(view, output).join('\n'))
  }
  const print = (more = ''): void => {
    const line = `${formatTime(new Date().toISOString())}  ${renderPlainProgress(view, output)}`
    if (!log) output.print(line + more)
    draw()
  }
  const note = (line: string): void => {
    if (timer && log) log.persist(output.style('yellow', line))
    else output.print(output.style('yellow', line))
  }

  return {
    observe: (event) => {
      if (event.type === 'attempt') {
        nextPollAt = undefined
        view.trouble = troubleOf(event)
      } else if (event.type === 'token') {
        if (event.error !== undefined) view.trouble = `No token (${event.error})`
      } else if (event.type === 'wait') {
        const inTime = formatDuration(event.delayMs)
        if (event.reason === 'poll') nextPollAt = performance.now() + event.delayMs
        else note(`${retryReasons[event.reason]}; trying again in ${inTime}.`)
        if (event.reason === 'poll' && view.trouble && !log)
          note(`${view.trouble}; polling again in ${inTime}.`)
      }
      draw()
    },
    start(sent, accepted) {
      view.sent = sent
      view.accepted = accepted
      startedAt = performance.now()
      // Also keeps the seconds moving while nothing else does.
      timer = setInterval(draw, 250)
      draw()
    },
    showAccepted(accepted, note) {
      view.accepted = accepted
      print(note)
    },
    show({ status, counts }) {
      view.accepted = undefined
      view.status = status
      view.counts = counts
      print()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
      log?.clear()
      log?.done()
    },
  }
}

const retryReasons: Readonly<Record<Exclude<WaitEvent['reason'], 'poll'>, string>> = {
  'no-answer': 'No response arrived',
  'server-error': 'The service could not process the request',
  'retry-after': 'The service asked to wait',
  throttled: 'The service has received too many requests',
  held: 'The service has received too many requests',
}

function troubleOf({ error, status }: AttemptEvent): string | undefined {
  if (error !== undefined) return error === 'aborted' ? undefined : `No response (${error})`
  return status !== undefined && status >= 400 ? `HTTP status ${status}` : undefined
}
