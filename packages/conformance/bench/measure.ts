/** The parts of the benchmark, and how they format their results. */

/** How much is measured: `quick` is for trial runs; its numbers are not for publication. */
export interface Scope {
  quick: boolean
}

export interface Row {
  what: string
  /** The target of the design; absent for rows that serve only as a comparison. */
  target?: string
  /** The result, with its spread. */
  reached: string
  /** Whether the target is met; absent if there is none. */
  met?: boolean
}

/** A part that can be run on its own: `npm run bench -- NAME`. */
export interface Part {
  name: string
  title: string
  /** How it is measured, in a sentence or two. */
  how: string
  /** Why a target is not met, shown if one is not. */
  missed?: string
  run(scope: Scope): Promise<Row[]>
}

export interface Quartiles {
  q1: number
  median: number
  q3: number
}

/** The median of many measurements and their quartiles, because a mean would be distorted by noise. */
export function quartiles(values: readonly number[]): Quartiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (part: number): number => {
    const index = (sorted.length - 1) * part
    const low = sorted[Math.floor(index)]!
    return low + (sorted[Math.ceil(index)]! - low) * (index % 1)
  }
  return { q1: at(0.25), median: at(0.5), q3: at(0.75) }
}

/** Such as `1.16 (1.14 to 1.19)`. */
export function withSpread({ q1, median, q3 }: Quartiles, digits: number, unit = ''): string {
  return `${median.toFixed(digits)}${unit} (${q1.toFixed(digits)} to ${q3.toFixed(digits)})`
}

/** Such as `+1.2 ms (0.9 to 1.4)`. */
export function addedWithSpread(added: Quartiles, digits: number, unit: string): string {
  return (added.median < 0 ? '' : '+') + withSpread(added, digits, unit)
}

/** A row that meets its target when the result is at most `limit`. */
export function atMost(what: string, target: string, limit: number, value: number, reached: string): Row {
  return { what, target, reached, met: value <= limit }
}

/** `items`, starting at a different one in each round, so that no item always follows the same one. */
export function rotated<T>(items: readonly T[], round: number): T[] {
  const start = round % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}
