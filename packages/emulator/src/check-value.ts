/** Checks the values of options, faults, seeds and clock steps; each error names the value and what it must be. */

/** Returns the value, or the first of the words for undefined; throws a `TypeError` if it is not one of them. */
export function oneOf<Word extends string>(
  name: string,
  value: unknown,
  words: readonly [Word, ...Word[]],
): Word {
  if (value === undefined) return words[0]
  const known = words.find((word) => word === value)
  if (known !== undefined) return known
  throw new TypeError(`"${name}" must be one of ${words.join(', ')}; got ${JSON.stringify(value)}.`)
}

/** Throws a `TypeError` when an object has an unknown member; `kind` names what the members are. */
export function checkMember(kind: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return
  throw new TypeError(`"${name}" is not ${kind}; the known names are ${known.join(', ')}.`)
}

/** Returns the number, or throws a `RangeError` when it is not finite or below `least`. */
export function numberFrom(least: number, name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value
  throw new RangeError(
    `"${name}" must be a number of at least ${least}, got ${typeof value === 'string' ? JSON.stringify(value) : String(value)}.`,
  )
}

/** The end of the year 9999, the latest time that the API's format can express. */
export const latestTime: number = Date.parse('9999-12-31T23:59:59.999Z')

/** Milliseconds since 1970 of an ISO 8601 time; one without a zone is UTC, as everywhere in this API. */
export function parseTime(name: string, time: string): number {
  if (typeof time !== 'string') {
    throw new TypeError(
      `"${name}" must be an ISO 8601 time such as "2030-01-01T00:00:00Z", got ${typeof time}.`,
    )
  }
  const zoned = /(?:z|[+-]\d\d:?\d\d)$/i.test(time) || !time.includes('T') ? time : `${time}Z`
  const milliseconds = Date.parse(zoned)
  if (milliseconds <= latestTime) return milliseconds
  throw new RangeError(
    `"${name}" must be an ISO 8601 time such as 2030-01-01T00:00:00Z, got ${JSON.stringify(time)}.`,
  )
}
