/** Who is it, and what may they do? Read from the claims of an ID token. */

/** A reader sees everything and changes nothing; an operator also uploads, retries, cancels and pauses. */
export type Role = 'reader' | 'operator'

/** Somebody who has signed in. */
export interface Person {
  name: string
  /** What stays the same when the name changes: in Microsoft Entra, the object ID. Absent for the shared token. */
  id?: string
}

/** Whoever has the shared token: nobody knows who that is. */
export const tokenHolder: Person = { name: 'shared token' }

/** The claims that are read; a provider may send any others. */
export interface Claims {
  readonly sub: string
  readonly [claim: string]: unknown
}

const longestName = 200

/** The person whom the claims name. */
export function personOf(claims: Claims): Person {
  const { oid, name, preferred_username: userName, email } = claims
  const [found = claims.sub] = [name, userName, email].flatMap((one) =>
    typeof one === 'string' ? (readable(one) ?? []) : [],
  )
  return { name: found, id: readable(typeof oid === 'string' ? oid : '') ?? claims.sub }
}

/** The role with the most rights in the claim `roles`; `undefined` if it contains none of ours. */
export function roleOf({ roles }: Claims): Role | undefined {
  if (!Array.isArray(roles)) return undefined
  return (['operator', 'reader'] as const).find((role) => roles.includes(role))
}

/** As it stands with a submission and in the log. */
export function describePerson({ name, id }: Person): string {
  return id === undefined ? name : `${name} (${id})`
}

/** Without characters that would break a line or that no database stores. */
function readable(text: string): string | undefined {
  return (
    text
      .toWellFormed()
      .replaceAll(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, longestName) || undefined
  )
}
