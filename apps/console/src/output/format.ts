/** How are times, durations and numbers formatted? The same on every machine, whatever its time zone and language. */

/** An ISO 8601 time in UTC as people read it: `2017-07-25 10:00:00 UTC`. */
export function formatTime(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`
}

/** A duration in words: `9 s`, `12 min 5 s`, `1 h 30 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000))
  const [h, min, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  const parts = h > 0 ? [h && `${h} h`, min && `${min} min`] : [min && `${min} min`, (s || !min) && `${s} s`]
  return parts.filter(Boolean).join(' ')
}

/** `1 row`, `1,200 rows`; `1,200` without a noun. */
export function count(number: number, noun?: string): string {
  const figure = number.toLocaleString('en-US')
  return noun === undefined ? figure : `${figure} ${noun}${number === 1 ? '' : 's'}`
}

/** A customer's name with its ID, or only the ID. */
export function formatCustomer({ customerId, customerName }: CustomerLabel): string {
  return customerName ? `${plainText(customerName)} (${customerId})` : customerId
}

/** How people identify a customer. */
export interface CustomerLabel {
  customerId: string
  customerName?: string | undefined
}

/** External text as one line, without terminal control sequences. */
export function plainText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
}

/** A line of ours without what would control the terminal, such as the name of a file may contain, except styles. */
export function withoutControls(line: string): string {
  // oxlint-disable-next-line no-control-regex -- it looks for control characters
  return line.replaceAll(/(?!\n|\u001B\[[\d;]*m)[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, ' ')
}

/**
 * A document for machines with every control character escaped, which does not change its meaning.
 *
 * @param ascii Whether every character beyond ASCII is.
 */
export function plainJson(value: object, ascii: boolean): string {
  // JSON.stringify has escaped the others already.
  const escaped = ascii ? /[\u007f-\u{10ffff}]/gu : /[\u007f-\u009f\p{Cf}]/gu
  return JSON.stringify(value, null, 2).replaceAll(escaped, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      const unit = character.charCodeAt(at).toString(16).padStart(4, '0')
      return `\\u${unit}`
    }).join(''),
  )
}

/** The largest of the numbers, however many there are; 0 when there is none. */
export function largest(numbers: Iterable<number>): number {
  let most = 0
  for (const number of numbers) most = Math.max(most, number)
  return most
}
