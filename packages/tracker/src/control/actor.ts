/** Who submits, retries, resumes, cancels or pauses? The tracker knows only what it is told, and keeps it. */
import { InvalidArgumentError } from '@devicebatch/client'
import { checkNames, show } from '@devicebatch/edge/internal'

import { isStorable, longestText } from '../database/text.ts'

/** Who does something. */
export interface ActionOptions {
  /** Who does it, such as a name with an ID: text of at most 500 characters, kept with what it was done to. Default: unknown. */
  by?: string | undefined
}

/** The name to store. Throws `InvalidArgumentError` for anything but text that is stored as it is. */
export function checkActor(options: ActionOptions): string | null {
  checkNames(options, { by: true })
  return actorOf(options.by)
}

/** The same, for options that have other names too. */
export function actorOf(by: unknown): string | null {
  if (by === undefined) return null
  if (typeof by === 'string' && by !== '' && isStorable(by)) return by
  throw new InvalidArgumentError(
    `\`by\` must be the name of who does this, as text of 1 to ${longestText} characters without NUL; got ${show(by)}.`,
  )
}

/** Who did it, as data of an event; empty if the caller did not say. */
export function named(by: string | null): { by?: string } {
  return by === null ? {} : { by }
}
