/** How it went over time: devices by outcome, and how long batches took. */
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

import { lineChart, stackedChart } from '../chart.ts'
import type { Words } from '../language/words.ts'
import type { Site } from '../site.ts'
import type { Html } from './layout.ts'
import { answer } from './layout.ts'

const ranges = {
  day: { hours: 24, interval: 'hour' },
  week: { hours: 7 * 24, interval: 'day' },
  quarter: { hours: 91 * 24, interval: 'day' },
} as const
type Range = keyof typeof ranges

/** From what is good to what is not, as they lie on each other. */
const outcomes = ['succeeded', 'alreadyRegistered', 'unresolved', 'failed'] as const

/** `GET /statistics?range=` */
export async function statisticsPage(c: Context<Site>): Promise<Response> {
  const { words, parts } = c.var
  const { say, number, minutes } = words
  const asked = c.req.query('range') ?? ''
  const range = Object.hasOwn(ranges, asked) ? (asked as Range) : 'week'
  const { hours, interval } = ranges[range]
  const since = new Date(Date.now() - hours * 3_600_000)
  const { intervals } = await parts.tracker.getStatistics({ since, interval })
  const label = (from: string): string => labelOf(words, from, interval)
  const isEmpty = intervals.every(({ uploads }) => uploads === 0)
  return await answer(c, {
    title: say('statistics.title'),
    part: '/statistics',
    shows: 'all',
    body: html`
      <h1>${say('statistics.title')}</h1>
      <nav class="tabs" aria-label="${say('statistics.range')}">
        ${Object.keys(ranges).map(
          (name) =>
            html`<a href="/statistics?range=${name}" ${name === range ? raw('aria-current="true"') : ''}>
              ${say(`statistics.${name as Range}`)}
            </a>`,
        )}
      </nav>
      <div id="charts" data-live>
        ${isEmpty ? html`<p class="empty">${say('statistics.none')}</p>` : ''}
        <figure>
          <figcaption id="devices-chart">${say('statistics.devices')}</figcaption>
          <ul class="legend">
            ${outcomes.map((outcome) => html`<li class="${outcome}">${say(`device.${outcome}`)}</li>`)}
          </ul>
          <div class="chart-area" tabindex="0" role="region" aria-labelledby="devices-chart">
            ${stackedChart({
              labelledBy: 'devices-chart',
              columns: intervals.map(({ from, devices }) => ({ label: label(from), values: devices })),
              series: outcomes,
              format: number,
            })}
          </div>
        </figure>
        <figure>
          <figcaption id="minutes-chart">${say('statistics.minutes')}</figcaption>
          <ul class="legend">
            <li class="median">${say('statistics.median')}</li>
            <li class="p90">${say('statistics.p90')}</li>
          </ul>
          <div class="chart-area" tabindex="0" role="region" aria-labelledby="minutes-chart">
            ${lineChart({
              labelledBy: 'minutes-chart',
              columns: intervals.map(({ from, minutesToFinish }) => ({
                label: label(from),
                values: minutesToFinish,
              })),
              series: ['median', 'p90'],
              format: minutes,
            })}
          </div>
        </figure>
        <details id="numbers">
          <summary>${say('statistics.numbers')}</summary>
          ${numbersTable(words, intervals, label)}
        </details>
      </div>
    `,
  })
}

function labelOf({ language, day }: Words, from: string, interval: 'hour' | 'day'): string {
  if (interval === 'day') return day(from)
  const hour = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })
  return `${hour.format(new Date(from))} UTC`
}

type Interval = Awaited<
  ReturnType<Site['Variables']['parts']['tracker']['getStatistics']>
>['intervals'][number]

function numbersTable(
  { say, number, minutes }: Words,
  intervals: readonly Interval[],
  label: (from: string) => string,
): Html {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="${say('statistics.numbers')}">
      <table>
        <thead>
          <tr>
            <th scope="col">${say('statistics.from')}</th>
            ${outcomes.map((outcome) => html`<th scope="col" class="number">${say(`device.${outcome}`)}</th>`)}
            <th scope="col" class="number">${say('statistics.median')}</th>
            <th scope="col" class="number">${say('statistics.p90')}</th>
          </tr>
        </thead>
        <tbody>
          ${intervals
            .filter(({ uploads }) => uploads > 0)
            .map(
              ({ from, devices, minutesToFinish }) => html`
                <tr>
                  <th scope="row">${label(from)}</th>
                  ${outcomes.map((outcome) => html`<td class="number">${number(devices[outcome])}</td>`)}
                  <td class="number">${minutesToFinish ? minutes(minutesToFinish.median) : ''}</td>
                  <td class="number">${minutesToFinish ? minutes(minutesToFinish.p90) : ''}</td>
                </tr>
              `,
            )}
        </tbody>
      </table>
    </div>
  `
}
