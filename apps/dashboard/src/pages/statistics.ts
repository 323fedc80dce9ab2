/** Results over time: devices by outcome, why they failed, and how long batches took. */
import type { StatisticsInterval } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

import { rangeChart, stackedChart } from '../chart.ts'
import type { Messages } from '../language/translate.ts'
import type { Site } from '../site.ts'
import { explainCause } from './device-table.ts'
import type { Html } from './layout.ts'
import { answer } from './layout.ts'

/** The current hour or day, and those before it. */
const ranges = {
  day: { count: 24, interval: 'hour' },
  week: { count: 7, interval: 'day' },
  quarter: { count: 91, interval: 'day' },
} as const
type Range = keyof typeof ranges

/** The stacking order, from good to bad. */
const outcomes = ['succeeded', 'already-registered', 'unresolved', 'failed'] as const
/** How many of the most frequent causes have their own series; the others share one. */
const mostCauses = 4

/** `GET /statistics?range=` */
export async function statisticsPage(c: Context<Site>): Promise<Response> {
  const { messages, services } = c.var
  const { t } = messages
  const asked = c.req.query('range') ?? ''
  const range = Object.hasOwn(ranges, asked) ? (asked as Range) : 'week'
  const { count, interval } = ranges[range]
  const unitMs = interval === 'hour' ? 3_600_000 : 86_400_000
  // Each column but the last is a whole hour or day in UTC.
  const since = new Date((Math.floor(Date.now() / unitMs) + 1 - count) * unitMs)
  const { intervals } = await services.tracker.getStatistics({ since, interval })
  const isEmpty = intervals.every(({ uploads, failures }) => uploads === 0 && failures.length === 0)
  return await answer(c, {
    title: t('statistics.title'),
    section: '/statistics',
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
      <div id="charts" class="charts" data-live>
        ${
          isEmpty
            ? html`<p class="empty">${t('statistics.none')}</p>`
            : html`${causeFigure(messages, intervals, interval)}
              ${outcomeFigure(messages, intervals, interval)} ${timeFigure(messages, intervals, interval)}`
        }
      </div>
    `,
  })
}

type Unit = 'hour' | 'day'

function outcomeFigure(messages: Messages, intervals: readonly StatisticsInterval[], unit: Unit): Html {
  const { t, number, shortNumber } = messages
  const series = outcomes.map((name) => ({ name, title: t(`device.${name}`) }))
  const values = ({ devices }: StatisticsInterval): Record<string, number> => ({
    ...devices,
    'already-registered': devices.alreadyRegistered,
  })
  return figure(messages, {
    id: 'devices-chart',
    title: t('statistics.devices'),
    series,
    chart: stackedChart({
      labelledBy: 'devices-chart',
      columns: intervals.map((one) => ({ label: axisLabel(messages, one.from, unit), values: values(one) })),
      series: outcomes,
      format: number,
      formatTick: shortNumber,
    }),
    rows: intervals
      .filter(({ uploads }) => uploads > 0)
      .map((one) => [
        rowLabel(messages, one.from, unit),
        ...outcomes.map((name) => number(values(one)[name] ?? 0)),
      ]),
  })
}

type Cause = StatisticsInterval['failures'][number]

/** Causes by their number of devices in the whole period. */
function causeFigure(messages: Messages, intervals: readonly StatisticsInterval[], unit: Unit): Html | '' {
  const { t, number, shortNumber } = messages
  const totals = new Map<string, Cause>()
  for (const cause of intervals.flatMap(({ failures }) => failures)) {
    const devices = cause.devices + (totals.get(keyOf(cause))?.devices ?? 0)
    totals.set(keyOf(cause), { ...cause, devices })
  }
  if (totals.size === 0) return ''
  const frequent = [...totals.values()]
    .toSorted((one, other) => other.devices - one.devices)
    .slice(0, mostCauses)
  const nameOf = new Map(frequent.map((cause, index) => [keyOf(cause), `cause-${index + 1}`]))
  const series = frequent.map((cause, index) => ({
    name: `cause-${index + 1}`,
    title: `${keyOf(cause)}: ${explainCause(messages, cause.errorCode, cause.errorDescription).meaning}`,
  }))
  if (totals.size > frequent.length) series.push({ name: 'cause-other', title: t('statistics.otherCauses') })
  const valuesOf = ({ failures }: StatisticsInterval): Record<string, number> => {
    const values: Record<string, number> = {}
    for (const cause of failures) {
      const name = nameOf.get(keyOf(cause)) ?? 'cause-other'
      values[name] = (values[name] ?? 0) + cause.devices
    }
    return values
  }
  return figure(messages, {
    id: 'causes-chart',
    title: t('statistics.causes'),
    series,
    chart: stackedChart({
      labelledBy: 'causes-chart',
      columns: intervals.map((one) => ({
        label: axisLabel(messages, one.from, unit),
        values: valuesOf(one),
      })),
      series: series.map(({ name }) => name),
      format: number,
      formatTick: shortNumber,
    }),
    rows: intervals
      .filter(({ failures }) => failures.length > 0)
      .map((one) => [
        rowLabel(messages, one.from, unit),
        ...series.map(({ name }) => number(valuesOf(one)[name] ?? 0)),
      ]),
  })
}

function keyOf({ errorCode, errorDescription }: Cause): string {
  return errorCode ?? errorDescription ?? '–'
}

function timeFigure(messages: Messages, intervals: readonly StatisticsInterval[], unit: Unit): Html {
  const { t } = messages
  const longest = Math.max(...intervals.map(({ minutesToFinish }) => minutesToFinish?.p90 ?? 0))
  const format = messages.duration(longest)
  return figure(messages, {
    id: 'minutes-chart',
    title: t('statistics.minutes'),
    series: [
      { name: 'median', title: t('statistics.median') },
      { name: 'p90', title: t('statistics.p90') },
    ],
    chart: rangeChart({
      labelledBy: 'minutes-chart',
      columns: intervals.map(({ from, minutesToFinish }) => ({
        label: axisLabel(messages, from, unit),
        values: minutesToFinish,
      })),
      format,
      formatTick: format,
    }),
    rows: intervals.flatMap(({ from, minutesToFinish }) =>
      minutesToFinish
        ? [[rowLabel(messages, from, unit), format(minutesToFinish.median), format(minutesToFinish.p90)]]
        : [],
    ),
  })
}

interface Figure {
  id: string
  title: string
  series: readonly { name: string; title: string }[]
  chart: Html
  /** The same data as numbers: the time, then a value for each series. */
  rows: readonly (readonly string[])[]
}

function figure({ t }: Messages, { id, title, series, chart, rows }: Figure): Html {
  return html`
    <figure class="${id}">
      <figcaption id="${id}">${title} (UTC)</figcaption>
      <div class="drawing">
        <ul class="legend">
          ${series.map((one) => html`<li class="${one.name}">${one.title}</li>`)}
        </ul>
        ${chart}
      </div>
      <details id="${id}-table">
        <summary>${t('statistics.table')}</summary>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="${id}">
          <table>
            <thead>
              <tr>
                <th scope="col">${t('statistics.from')}</th>
                ${series.map((one) => html`<th scope="col" class="number">${one.title}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                ([time, ...values]) => html`
                  <tr>
                    <th scope="row">${time}</th>
                    ${values.map((value) => html`<td class="number">${value}</td>`)}
                  </tr>
                `,
              )}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  `
}

/** Short, so that several fit on a phone. */
function axisLabel({ shortDay, hour }: Messages, from: string, unit: Unit): string {
  return unit === 'day' ? shortDay(from) : hour(from)
}

function rowLabel({ day, time }: Messages, from: string, unit: Unit): string {
  return unit === 'day' ? day(from) : time(from)
}
