/** Charts as SVG text: scales and shapes by d3, colours by the style sheet, so that they follow the theme. */
import { scaleBand, scaleLinear } from 'd3-scale'
import { line, stack } from 'd3-shape'
import { html } from 'hono/html'

import type { Html } from './pages/layout.ts'

/** A chart with a value of each series in each column. */
export interface Chart<Name extends string> {
  /** The id of the element that says what it shows. */
  labelledBy: string
  /** A column without values leaves a gap. */
  columns: readonly { label: string; values?: Readonly<Record<Name, number>> | undefined }[]
  series: readonly Name[]
  format: (value: number) => string
}

const [width, height] = [800, 260]
const margin = { top: 10, right: 10, bottom: 28, left: 64 }
const mostLabels = 6

/** However many there are. */
const highest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), 0)

/** Columns, in each of which the series stand on each other. */
export function stackedChart<Name extends string>(chart: Chart<Name>): Html {
  const rows = chart.columns.map(({ values }) => values ?? zeros(chart.series))
  const layers = stack<Record<Name, number>, Name>().keys(chart.series)(rows)
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
                  x="${x(index)!}"
                  y="${y(top)}"
                  width="${x.bandwidth()}"
                  height="${y(bottom) - y(top)}"
                >
                  <title>${label}: ${chart.format(values![layer.key])}</title>
                </rect>`
          })}
        </g>`,
    )}`,
  )
}

/** A line for each series, with a point for each value. */
export function lineChart<Name extends string>(chart: Chart<Name>): Html {
  const values = chart.columns.flatMap((column) =>
    column.values ? Object.values<number>(column.values) : [],
  )
  const { x, y } = scalesOf(chart, highest(values))
  const middle = (index: number): number => x(index)! + x.bandwidth() / 2
  return frame(
    chart,
    y,
    html`${chart.series.map((name) => {
      const draw = line<Chart<Name>['columns'][number]>()
        .defined((column) => column.values !== undefined)
        .x((_, index) => middle(index))
        .y((column) => y(column.values![name]))
      return html`<g class="${name}">
        <path d="${draw([...chart.columns]) ?? ''}" />
        ${chart.columns.map((column, index) =>
          column.values
            ? html`<circle cx="${middle(index)}" cy="${y(column.values[name])}" r="3">
                <title>${column.label}: ${chart.format(column.values[name])}</title>
              </circle>`
            : '',
        )}
      </g>`
    })}`,
  )
}

function zeros<Name extends string>(series: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(series.map((name) => [name, 0])) as Record<Name, number>
}

function scalesOf({ columns }: Pick<Chart<string>, 'columns'>, largest: number) {
  return {
    x: scaleBand<number>(columns.keys(), [margin.left, width - margin.right]).padding(0.2),
    y: scaleLinear([0, Math.max(1, largest)], [height - margin.bottom, margin.top]).nice(5),
  }
}

/** The axes, and what lies on them. */
function frame(
  { columns, labelledBy, format }: Pick<Chart<string>, 'columns' | 'labelledBy' | 'format'>,
  y: ReturnType<typeof scalesOf>['y'],
  content: Html,
): Html {
  const { x } = scalesOf({ columns }, 1)
  const step = Math.ceil(columns.length / mostLabels)
  return html`
    <svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${labelledBy}">
      <g class="grid" aria-hidden="true">
        ${y.ticks(5).map(
          (tick) => html`
            <line x1="${margin.left}" x2="${width - margin.right}" y1="${y(tick)}" y2="${y(tick)}" />
            <text x="${margin.left - 8}" y="${y(tick)}" text-anchor="end" dominant-baseline="middle"
              >${format(tick)}</text
            >
          `,
        )}
        ${columns.map(({ label }, index) =>
          index % step === 0
            ? html`<text x="${x(index)! + x.bandwidth() / 2}" y="${height - 8}" text-anchor="middle"
                >${label}</text
              >`
            : '',
        )}
      </g>
      ${content}
    </svg>
  `
}
