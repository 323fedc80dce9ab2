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

/** The status value of a batch, spelled as the quirks have it; `subject` is what it is the status of. */
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

/** The status value of a device, which the documents' table calls `in-progress` where a batch is `processing`. */
export function spellDeviceStatus(value: string, wording: Wording, subject: string | number): string {
  const isProse = wording.statusValues !== 'snake_case' && chance(wording.seed, 'prose', subject) < 0.5
  return spellStatus(value === 'processing' && isProse ? 'in-progress' : value, wording, subject)
}

const timeForms: readonly [TimeForm, ...TimeForm[]] = ['zone-less', 'utc', 'offset']

/** A time as the emulator keeps it (`2030-01-01T00:00:00`, perhaps with a fraction and an offset) as the quirks write it. */
export function spellTime(time: string, { times, seed }: Wording): string {
  const form = times === 'mixed' ? choose(timeForms, seed, 'time', time) : times
  // With an offset, the first moment of all would be in the year before.
  if (form === 'zone-less' || time.startsWith('0001-')) return time
  const milliseconds = parseWireTime('time', time)
  if (form === 'utc') return new Date(milliseconds).toISOString().replace('.000Z', 'Z')
  return new Date(milliseconds + 3_600_000).toISOString().replace('Z', '0000+01:00')
}
