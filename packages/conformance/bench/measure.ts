/** What a part of the benchmark is, and the words in which it tells what it found. */

/** How much is measured: `quick` is for trying things out, its numbers are not for keeping. */
export interface Scope {
  quick: boolean
}

export interface Row {
  what: string
  /** What the design asks for; absent for what is only there to compare with. */
  target?: string
  /** What was measured, with its spread. */
  reached: string
  /** Whether the target is met; absent where there is none. */
  met?: boolean
}

/** A part that can be run alone: `npm run bench -- NAME`. */
export interface Part {
  name: string
  title: string
  /** How it is measured, in a sentence or two. */
  how: string
  /** Why a target is not met, shown when that is so. */
  missed?: string
  run(scope: Scope): Promise<Row[]>
}

export interface Quartiles {
  q1: number
  median: number
  q3: number
}

/** The middle of many measurements and the half of them around it: a mean would tell of the noise. */
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

/** A row that is met when what was reached is at most `limit`. */
export function atMost(what: string, target: string, limit: number, value: number, reached: string): Row {
  return { what, target, reached, met: value <= limit }
}

/** `items` begun at another one in each round, so that none always runs after the same. */
export function rotated<T>(items: readonly T[], round: number): T[] {
  const start = round % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}
