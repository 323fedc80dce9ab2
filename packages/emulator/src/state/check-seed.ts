/**
 * Checks the values of a seed. It may come as JSON from another process, so nothing is certain: the values of a device or a customer
 * are sent as they are.
 */

import { isGuid } from '../http/guid.ts'
import { policySettings, readSetting } from '../policies/words.ts'

/** Returns the list, or throws a `TypeError` if it is not one of objects. */
export function listOf<Item extends object>(name: string, list: readonly Item[]): readonly Item[] {
  if (!Array.isArray(list))
    throw new TypeError(`"${name}" must be an array of objects, got ${JSON.stringify(list)}.`)
  for (const item of list as readonly unknown[]) {
    if (typeof item === 'object' && item !== null && !Array.isArray(item)) continue
    throw new TypeError(`"${name}" must contain only objects, got ${JSON.stringify(item)}.`)
  }
  return list
}

export function readSettings(words: readonly string[]): string[] {
  if (!Array.isArray(words))
    throw new TypeError(`"policySettings" must be an array of words, got ${JSON.stringify(words)}.`)
  return words.map((word) => {
    const setting = readSetting(word)
    if (setting !== undefined) return setting
    throw new TypeError(
      `"policySettings" must hold words of ${policySettings.join(', ')}; got ${JSON.stringify(word)}.`,
    )
  })
}

export function requireGuid(name: string, value: string): void {
  if (!isGuid(value)) throw new TypeError(`"${name}" must be a GUID, got ${JSON.stringify(value)}.`)
}

export function requireTexts(texts: object): void {
  for (const [name, value] of Object.entries<unknown>({ ...texts })) {
    if (value !== undefined && name !== 'taken') requireText(name, value)
  }
}

export function requireText(name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return
  throw new TypeError(`"${name}" must be a non-empty string, got ${JSON.stringify(value)}.`)
}
