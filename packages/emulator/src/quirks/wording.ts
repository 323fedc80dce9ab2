/** How status values and times are written. */

import { parseWireTime } from '../time/wire-time.ts'
import { chance, choose } from './chance.ts'
import type { ResolvedQuirks, StatusSpelling, TimeForm } from './quirks.ts'

type Wording = Pick<ResolvedQuirks, 'statusValues' | 'times'> & { seed: number }

const spellings: readonly [StatusSpelling, ...StatusSpelling[]] = [
  'snake_case',
  'PascalCase',
  'kebab-case',
  'UPPER_CASE',
  'Title Case',
]

/** The status value of a batch, spelled according to the quirks; `subject` identifies what it describes. */
export function spellStatus(
  value: string,
  { statusValues, seed }: Wording,
  subject: string | number,
): string {
  const spelling =
    statusValues === 'mixed' ? choose(spellings, seed, 'spelling', subject, value) : statusValues
  if (spelling === 'snake_case') return value
  if (spelling === 'UPPER_CASE') return value.toUpperCase()
  const words = value.split(/[_-]/)
  if (spelling === 'kebab-case') return words.join('-')
  const capitalized = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
  return capitalized.join(spelling === 'PascalCase' ? '' : ' ')
}

/** The status value of a device; the documentation's table says `in-progress` for `processing`. */
export function spellDeviceStatus(value: string, wording: Wording, subject: string | number): string {
  const isProse = wording.statusValues !== 'snake_case' && chance(wording.seed, 'prose', subject) < 0.5
  return spellStatus(value === 'processing' && isProse ? 'in-progress' : value, wording, subject)
}

const timeForms: readonly [TimeForm, ...TimeForm[]] = ['zone-less', 'utc', 'offset']

/**
 * Formats a time in the emulator's form (`2030-01-01T00:00:00`, optionally with a fraction and an offset) according to the
 * quirks.
 */
export function spellTime(time: string, { times, seed }: Wording): string {
  const form = times === 'mixed' ? choose(timeForms, seed, 'time', time) : times
  // With an offset, this placeholder would fall before the year 1.
  if (form === 'zone-less' || time.startsWith('0001-')) return time
  const milliseconds = parseWireTime('time', time)
  if (form === 'utc') return new Date(milliseconds).toISOString().replace('.000Z', 'Z')
  return new Date(milliseconds + 3_600_000).toISOString().replace('Z', '0000+01:00')
}
