/** OpenMetrics 1.0 as text: https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md */

/** Metrics with one name. */
export interface MetricFamily {
  /** Without the suffix `_total`, and with the unit at the end. */
  name: string
  type: 'gauge' | 'counter' | 'info'
  help: string
  unit?: 'seconds'
  samples: readonly MetricSample[]
}

/** One value; its labels distinguish it from the others in its family. */
export interface MetricSample {
  labels?: Readonly<Record<string, string>>
  value: number
}

/** The content type for serving the text. */
export const metricsContentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

const suffixes = { gauge: '', counter: '_total', info: '_info' }

/** A family without samples is left out. */
export function formatMetrics(families: readonly MetricFamily[]): string {
  const lines = families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, type, help, unit, samples }) => [
      `# TYPE ${name} ${type}`,
      ...(unit ? [`# UNIT ${name} ${unit}`] : []),
      `# HELP ${name} ${escape(help)}`,
      ...samples.map(({ labels = {}, value }) => `${name}${suffixes[type]}${formatLabels(labels)} ${value}`),
    ])
  return `${[...lines, '# EOF'].join('\n')}\n`
}

function formatLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`)
  return pairs.length > 0 ? `{${pairs.join()}}` : ''
}

function escape(text: string): string {
  return text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('"', String.raw`\"`)
}
