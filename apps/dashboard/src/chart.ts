/** Charts as SVG text: scales and shapes from d3, colors from the style sheet, so that they follow the theme. */
import { scaleBand, scaleLinear } from 'd3-scale'
import { stack } from 'd3-shape'
import { html } from 'hono/html'

import type { Html } from './pages/layout.ts'

/** The common part of all charts. */
interface Chart<Values> {
  /** The ID of the element that describes it. */
  labelledBy: string
  /** A column without values leaves a gap. */
  columns: readonly { label: string; values?: Values | undefined }[]
  format: (value: number) => string
  /** Shorter, for an axis. */
  formatTick: (value: number) => string
}

/** A chart with a value for each series in each column. */
export interface StackedChart extends Chart<Readonly<Record<string, number>>> {
  series: readonly string[]
}

/** A chart of the range that contains most values of each column. */
export type RangeChart = Chart<{ median: number; p90: number }>

/** Drawn at the size of a phone, so that its labels are readable there; larger screens scale it up. */
const [width, height] = [360, 200]
const margin = { top: 8, right: 4, bottom: 22, left: 52 }
const mostLabels = 4

/** However many there are. */
const highest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), 0)

/** Columns with the series stacked on each other. */
export function stackedChart(chart: StackedChart): Html {
  const rows = chart.columns.map(({ values }) => values ?? {})
  const layers = stack<Readonly<Record<string, number>>, string>()
    .keys(chart.series)
    .value((row, name) => row[name] ?? 0)(rows)
  const { x, y } = scalesOf(chart, highest(layers.flat().map(([, top]) => top)))
  return frame(
    chart,
    y,
    html`${layers.map(
      (layer) =>
        html`<g class="${layer.key}">
          ${layer.map(([bottom, top], index) => {
            const { label, values } = chart.columns[index]!
            return top === bottom
              ? ''
              : html`<rect
                  x="${rounded(x(index)!)}"
                  y="${rounded(y(top))}"
                  width="${rounded(x.bandwidth())}"
                  height="${rounded(y(bottom) - y(top))}"
                >
                  <title>${label}: ${chart.format(values![layer.key]!)}</title>
                </rect>`
          })}
        </g>`,
    )}`,
  )
}

/** A bar from the median to the 90th percentile in each column, with a line at the median. */
export function rangeChart(chart: RangeChart): Html {
  const { x, y } = scalesOf(chart, highest(chart.columns.map(({ values }) => values?.p90 ?? 0)))
  return frame(
    chart,
    y,
    html`${chart.columns.map(({ label, values }, index) => {
      if (!values) return ''
      const [left, top, bottom] = [x(index)!, y(values.p90), y(values.median)]
      const text = `${label}: ${chart.format(values.median)} – ${chart.format(values.p90)}`
      return html`<g>
        <title>${text}</title>
        <rect
          class="p90"
          x="${rounded(left)}"
          y="${rounded(top)}"
          width="${rounded(x.bandwidth())}"
          height="${rounded(bottom - top)}"
        />
        <rect
          class="median"
          x="${rounded(left)}"
          y="${rounded(bottom - 1)}"
          width="${rounded(x.bandwidth())}"
          height="3"
        />
      </g>`
    })}`,
  )
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

function scalesOf({ columns }: { columns: readonly unknown[] }, largest: number) {
  return {
    x: scaleBand<number>(columns.keys(), [margin.left, width - margin.right]).padding(0.2),
    y: scaleLinear([0, largest || 1], [height - margin.bottom, margin.top]).nice(4),
  }
}

/** The axes and their contents. */
function frame(
  { columns, labelledBy, formatTick }: Pick<Chart<unknown>, 'columns' | 'labelledBy' | 'formatTick'>,
  y: ReturnType<typeof scalesOf>['y'],
  content: Html,
): Html {
  const { x } = scalesOf({ columns }, 1)
  const step = Math.ceil(columns.length / mostLabels)
  const half = Math.floor(step / 2)
  return html`
    <svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${labelledBy}">
      <g class="grid" aria-hidden="true">
        ${y.ticks(4).map(
          (tick) => html`
            <line x1="${margin.left}" x2="${width - margin.right}" y1="${y(tick)}" y2="${y(tick)}" />
            <text x="${margin.left - 6}" y="${y(tick)}" text-anchor="end" dominant-baseline="middle"
              >${formatTick(tick)}</text
            >
          `,
        )}
        ${columns.map(({ label }, index) =>
          // Where there is room on both sides.
          index % step === half && index + half <= columns.length
            ? html`<text x="${rounded(x(index)! + x.bandwidth() / 2)}" y="${height - 6}" text-anchor="middle"
                >${label}</text
              >`
            : '',
        )}
      </g>
      ${content}
    </svg>
  `
}
