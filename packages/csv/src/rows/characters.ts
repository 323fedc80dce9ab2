/** Which characters never occur in a device value? */
import type { DeviceField } from '../columns/header-names.ts'
import type { Fault } from './device-problem.ts'

// Control characters and those that are invisible by nature (soft hyphen, zero width, direction marks, byte order mark).
const invisible = /[\p{Cc}\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/u

// Serial numbers and product IDs are ASCII and contain no quotes.
const notOfIds = /[^ !#-&(-~]/u

// What word processors, web pages and email programs turn quotes, spaces and dashes into; the letters of East Asian input
// methods; a double quote that is not an inch sign; and an apostrophe that a spreadsheet or a script put around the value.
const notOfNames =
  /[`\u00B4\u2018-\u201F\u2032-\u2037\u2039\u203A\u00AB\u00BB\u301D-\u301F\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\u2010-\u2015\u2212\uFE58\uFE63\uFF01-\uFF5E\uFB00-\uFB06]|(?<!\d)"|^'|'$/u

const otherAlphabet = /[\p{Script=Cyrillic}\p{Script=Greek}]/u
/** Letters of these alphabets that look like Latin ones. */
const lookAlikes = /[АВЕЅІЈКМНОРСТУХаеіјорсѕухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρ]/u
const lookAlikesOnly = new RegExp(`^${lookAlikes.source}+$`, 'u')

// What the UTF-8 of accented letters, signs and typographic quotes looks like when it is read as Windows-1252.
const garbled =
  /\u00C3[\u0080-\u00BF\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u0192\u02C6\u02DC\u2013-\u203A\u20AC\u2122]|\u00C2[\u00A0-\u00BF]|\u00E2\u20AC./u

/** The first character that never occurs in the field's values. */
export function findCharacterFault(value: string, field: DeviceField): Fault | undefined {
  const isId = field === 'serialNumber' || field === 'productKey'
  if (isId ? !notOfIds.test(value) : isPlain(value)) return undefined
  if (value.includes('\uFFFD')) {
    return {
      code: 'undecodable-text',
      message:
        'The value has bytes that are not valid in the encoding used to read the file (UTF-8 by default).',
      fix: 'Save the file as "CSV UTF-8".',
    }
  }
  const [letters] = garbled.exec(value) ?? []
  if (letters !== undefined) {
    return {
      code: 'unexpected-character',
      message: `The value has "${letters}": its letters were read in the wrong encoding before the file was saved.`,
      fix: 'Take the value from the original list, and save the file as "CSV UTF-8".',
    }
  }
  const hidden = invisible.exec(value)
  if (hidden) {
    return {
      code: 'invisible-character',
      message: `The value has ${nameOfCharacter(hidden[0])} at position ${hidden.index + 1}.`,
      fix: 'Type the value again instead of pasting it.',
    }
  }
  const at = isId ? value.search(notOfIds) : findInName(value)
  if (at === -1) return undefined
  const character = String.fromCodePoint(value.codePointAt(at)!)
  return {
    code: 'unexpected-character',
    message: `The value has ${nameOfCharacter(character)} at position ${at + 1}, which is not valid in a ${isId ? 'serial number or product ID' : 'manufacturer or model'}.`,
    fix: 'Replace it with the plain letter, quote, hyphen or space it stands for, or remove it: word processors, web pages and email programs change such characters.',
  }
}

/** The character in words, with its code point. */
export function nameOfCharacter(character: string): string {
  if (character === '\n' || character === '\r') return 'a line break'
  if (character === '\t') return 'a tab'
  if (character === ' ') return 'a space'
  const codePoint = character.codePointAt(0)!
  const code = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
  return `${nameOfInvisible(character) ?? `"${character}"`} (${code})`
}

function nameOfInvisible(character: string): string | undefined {
  if (/\p{Cc}/u.test(character)) return 'a control character'
  if (invisible.test(character)) return 'an invisible character'
  if (!/\s/.test(character)) return undefined
  return /[\u00A0\u202F]/.test(character) ? 'a no-break space' : 'a special space'
}

function isPlain(value: string): boolean {
  return /^[A-Za-z\d][ !#-~]*$/.test(value) && !/[`']/.test(value)
}

function findInName(value: string): number {
  const at = value.search(notOfNames)
  return at === -1 && otherAlphabet.test(value) ? findLookAlike(value) : at
}

/** A letter of another alphabet within a Latin word or a number, or in a word that looks Latin as a whole. */
function findLookAlike(value: string): number {
  for (const { 0: word, index } of value.matchAll(/[\p{L}\p{N}]+/gu)) {
    const at = word.search(lookAlikes)
    if (at === -1) continue
    const isMixed = /[A-Za-z\d]/.test(word)
    if (isMixed || lookAlikesOnly.test(word)) return index + at
  }
  return -1
}
