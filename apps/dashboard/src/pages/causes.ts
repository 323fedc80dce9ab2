/** Why did devices of an upload fail, and what can be done about it? */
import type { FailureCause, TrackedSubmission } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html } from 'hono/html'

import { splitFirstSentence } from '../language/first-sentence.ts'
import type { Site } from '../site.ts'
import { anotherTry } from './components.ts'
import { explainCause, wireText } from './device-table.ts'
import type { Html } from './layout.ts'

/**
 * The causes, each with its number of devices, its meaning, and what to do about it. The button that resubmits all retryable devices
 * is with the first cause that it helps with.
 */
export function causeList(
  c: Context<Site>,
  path: string,
  causes: readonly FailureCause[],
  submission: TrackedSubmission | undefined,
): Html | '' {
  if (causes.length === 0) return ''
  const { messages } = c.var
  const { t, number } = messages
  const retryable = causes.find(({ isRetryable }) => isRetryable)
  return html`
    <section class="causes" aria-labelledby="causes-title">
      <h2 id="causes-title">${t('causes.title')}</h2>
      <ul class="cards">
        ${causes.map((cause) => {
          const { errorCode, errorDescription, devices } = cause
          const { meaning, remedy } = explainCause(messages, errorCode, errorDescription)
          // A technician in a hurry reads this much.
          const [first, rest] = splitFirstSentence(remedy, messages.language)
          return html`
            <li class="cause">
              <h3>
                <span class="affected"
                  >${t('causes.devices', { count: devices, text: number(devices) })}</span
                >
                ${meaning}
              </h3>
              <p class="remedy"><strong>${t('causes.remedy')}</strong> ${first}</p>
              ${rest === '' ? '' : html`<p class="hint">${rest}</p>`}
              ${cause === retryable ? anotherTry(c, submission) : ''}
              <p class="state">
                ${
                  errorCode === undefined
                    ? ''
                    : html`<a href="${path}?errorCode=${encodeURIComponent(errorCode)}#devices"
                        >${t('causes.show')}</a
                      >`
                }
                <span class="faint">${wireText(messages, errorCode, errorDescription)}</span>
              </p>
            </li>
          `
        })}
      </ul>
    </section>
  `
}
