/** How it went over time: devices by outcome, and how long batches took. */
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

import { lineChart, stackedChart } from '../chart.ts'
import type { Messages } from '../language/translate.ts'
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
const outcomes = ['succeeded', 'already-registered', 'unresolved', 'failed'] as const

/** `GET /statistics?range=` */
export async function statisticsPage(c: Context<Site>): Promise<Response> {
  const { messages, services } = c.var
  const { t, number, minutes } = messages
  const asked = c.req.query('range') ?? ''
  const range = Object.hasOwn(ranges, asked) ? (asked as Range) : 'week'
  const { hours, interval } = ranges[range]
  const since = new Date(Date.now() - hours * 3_600_000)
  const { intervals } = await services.tracker.getStatistics({ since, interval })
  const label = (from: string): string => labelOf(messages, from, interval)
  const isEmpty = intervals.every(({ uploads }) => uploads === 0)
  return await answer(c, {
    title: t('statistics.title'),
    part: '/statistics',
    shows: 'all',
    body: html`
      <h1>${t('statistics.title')}</h1>
      <nav class="tabs" aria-label="${t('statistics.range')}">
        ${Object.keys(ranges).map(
          (name) =>
            html`<a href="/statistics?range=${name}" ${name === range ? raw('aria-current="true"') : ''}>
              ${t(`statistics.${name as Range}`)}
            </a>`,
        )}
      </nav>
      <div id="charts" data-live>
        ${isEmpty ? html`<p class="empty">${t('statistics.none')}</p>` : ''}
        <figure>
          <figcaption id="devices-chart">${t('statistics.devices')}</figcaption>
          <ul class="legend">
            ${outcomes.map((outcome) => html`<li class="${outcome}">${t(`device.${outcome}`)}</li>`)}
          </ul>
          <div class="chart-area" tabindex="0" role="region" aria-labelledby="devices-chart">
            ${stackedChart({
              labelledBy: 'devices-chart',
              columns: intervals.map(({ from, devices }) => ({
                label: label(from),
                values: byOutcome(devices),
              })),
              series: outcomes,
              format: number,
            })}
          </div>
        </figure>
        <figure>
          <figcaption id="minutes-chart">${t('statistics.minutes')}</figcaption>
          <ul class="legend">
            <li class="median">${t('statistics.median')}</li>
            <li class="p90">${t('statistics.p90')}</li>
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
          <summary>${t('statistics.numbers')}</summary>
          ${numbersTable(messages, intervals, label)}
        </details>
      </div>
    `,
  })
}

function labelOf({ language, day }: Messages, from: string, interval: 'hour' | 'day'): string {
  if (interval === 'day') return day(from)
  const hour = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })
  return `${hour.format(new Date(from))} UTC`
}

function byOutcome(devices: Interval['devices']): Record<(typeof outcomes)[number], number> {
  return { ...devices, 'already-registered': devices.alreadyRegistered }
}

type Interval = Awaited<
  ReturnType<Site['Variables']['services']['tracker']['getStatistics']>
>['intervals'][number]

function numbersTable(
  { t, number, minutes }: Messages,
  intervals: readonly Interval[],
  label: (from: string) => string,
): Html {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="${t('statistics.numbers')}">
      <table>
        <thead>
          <tr>
            <th scope="col">${t('statistics.from')}</th>
            ${outcomes.map((outcome) => html`<th scope="col" class="number">${t(`device.${outcome}`)}</th>`)}
            <th scope="col" class="number">${t('statistics.median')}</th>
            <th scope="col" class="number">${t('statistics.p90')}</th>
          </tr>
        </thead>
        <tbody>
          ${intervals
            .filter(({ uploads }) => uploads > 0)
            .map(
              ({ from, devices, minutesToFinish }) => html`
                <tr>
                  <th scope="row">${label(from)}</th>
                  ${outcomes.map((outcome) => html`<td class="number">${number(byOutcome(devices)[outcome])}</td>`)}
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
