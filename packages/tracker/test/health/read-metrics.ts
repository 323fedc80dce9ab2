/** Reads metrics as a scraper does, with a parser that is not ours, and checks what OpenMetrics demands beyond it. */
import parsePrometheusTextFormat from 'parse-prometheus-text-format'
import { expect } from 'vitest'

interface Family {
  name: string
  metrics: { value: string; labels?: Record<string, string> }[]
}

/** The values by their name and labels, as `name{label=value}`. */
export function readMetrics(text: string): Record<string, number> {
  const lines = text.split('\n')
  // OpenMetrics 1.0, "Overall Structure": the last line is `# EOF`, and no line is empty.
  expect(lines.slice(-2)).toEqual(['# EOF', ''])
  expect(lines.slice(0, -1)).not.toContain('')
  const described = new Set<string>()
  for (const line of lines) {
    const [, word, name = '', rest = ''] = /^# (TYPE|UNIT|HELP) (\S+) (.+)$/.exec(line) ?? []
    if (word === 'TYPE') {
      expect(described).not.toContain(name)
      described.add(name)
    }
    if (word === 'UNIT') expect(name.endsWith(`_${rest}`)).toBe(true)
    if (word === undefined && line !== '# EOF' && line !== '')
      expect(described).toContain(/^\w+?(?=(_total|_info)?(\{.*\})? \S+$)/.exec(line)?.[0])
  }
  const families = parsePrometheusTextFormat(text) as Family[]
  const values = families.flatMap(({ name, metrics }) =>
    metrics.map(({ value, labels = {} }) => {
      const pairs = Object.entries(labels).map(([label, word]) => `${label}=${word}`)
      return [pairs.length > 0 ? `${name}{${pairs.join()}}` : name, Number(value)] as const
    }),
  )
  expect(values.length).toBeGreaterThan(2)
  expect(new Set(values.map(([name]) => name)).size).toBe(values.length)
  return Object.fromEntries(values)
}
