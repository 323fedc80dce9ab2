/** Is a value a device's hardware hash? */
import { nameOfCharacter } from './characters.ts'
import { count } from './device-problem.ts'
import type { Fault } from './device-problem.ts'

/** The shortest and longest Base64 text taken for a 4K hash, in characters: real ones have about 4,000, those from before
 * Windows 10 1703 have 172, and a database column may have truncated them to 255. The range is wide because the length is not
 * documented. */
const hashLength = { min: 2_000, max: 8_192 }

/** What is wrong with a hardware hash. */
export function findHashFault(value: string): Fault | undefined {
  const collect = 'Collect the hardware hash again (Get-WindowsAutopilotInfo) and'
  const fix = `${collect} copy all of it.`
  if (!isBase64(value)) {
    const digits = value.replace(/={1,2}$/, '')
    const at = digits.search(/[^A-Za-z0-9+/]/)
    const reason =
      at === -1
        ? `its length, ${digits.length} characters, is not possible in Base64`
        : `${nameOfCharacter(String.fromCodePoint(digits.codePointAt(at)!))} is at position ${at + 1}`
    return { code: 'invalid-hardware-hash', message: `The hardware hash is not Base64: ${reason}.`, fix }
  }
  if (!hasHashLength(value)) {
    return {
      code: 'invalid-hardware-hash',
      message: `The hardware hash has ${count(value.length, 'character')}; a 4K hash has about 4,000.`,
      fix:
        value.length > hashLength.max
          ? `${collect} put only that one hash into the cell.`
          : `${fix} This requires Windows 10 version 1703 or later.`,
    }
  }
  return undefined
}

/** Whether the value can only be a hardware hash. */
export function looksLikeHash(value: string): boolean {
  return hasHashLength(value) && isBase64(value)
}

/**
 * Adds missing padding: devices report their hash without it, and the service rejects that (Intune docs, error 802). Padding
 * carries no information.
 */
export function padBase64(value: string): string {
  if (value.length % 4 === 0) return value
  const digits = value.replace(/=+$/, '')
  return digits.padEnd(Math.ceil(digits.length / 4) * 4, '=')
}

function hasHashLength({ length }: string): boolean {
  return length >= hashLength.min && length <= hashLength.max
}

/**
 * Base64 with or without its padding. `atob` is many times faster than a regular expression but skips white space, so the
 * lengths are compared.
 */
function isBase64(value: string): boolean {
  const digits = value.endsWith('=') ? value.replace(/={1,2}$/, '') : value
  try {
    return digits.length % 4 !== 1 && atob(digits).length === Math.floor((digits.length * 3) / 4)
  } catch {
    return false
  }
}
