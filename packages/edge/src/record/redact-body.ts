/** Which parts of a body may others see? Its structure, and the texts that show how the service works. */
import { isGuid } from '../call/path.ts'
import { redact, redactLikely } from '../redact.ts'

/** The members, in lowercase, whose text is shown; all other text is replaced by its length. */
const shown = new Set([
  'batchtrackingid',
  'category',
  'code',
  'completedtime',
  'creationdate',
  'description',
  'error',
  'error_codes',
  'error_description',
  'errorcode',
  'errordescription',
  'key',
  'lastmodifieddate',
  'message',
  'method',
  'objecttype',
  'policysettings',
  'relationshiptopartner',
  'source',
  'startedtime',
  'status',
  'trace_id',
  'uploadeddate',
])

const mostItems = 20

/** The content of a JSON or form body, without what only its owner may see; only the length of anything else. */
export function redactBody(text: string, secrets: readonly string[]): unknown {
  try {
    return redactMember('', JSON.parse(text.replace(/^\uFEFF/, '')), secrets)
  } catch {
    const isForm = /^[\w.-]+=[^\s<{]*$/.test(text)
    return isForm ? redactMember('', Object.fromEntries(new URLSearchParams(text)), secrets) : lengthOf(text)
  }
}

function redactMember(name: string, value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') {
    const isShown = shown.has(name) || (name.endsWith('id') && isGuid(value))
    return isShown ? redactLikely(redact(value, secrets)) : lengthOf(value)
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = value.slice(0, mostItems).map((item) => redactMember(name, item, secrets))
    return value.length > mostItems ? [...items, `[${value.length - mostItems} more]`] : items
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      redact(key, secrets),
      redactMember(key.toLowerCase(), member, secrets),
    ]),
  )
}

function lengthOf(text: string): string {
  return `[${text.length} characters]`
}

/** A URL without its user and query values. */
export function redactUrl(address: string): string {
  if (!URL.canParse(address)) return lengthOf(address)
  const { origin, pathname, searchParams } = new URL(address)
  const names = [...searchParams.keys()].map((name) => `${name}=…`)
  return origin + pathname + (names.length > 0 ? `?${names.join('&')}` : '')
}

/** The same for a `Location`, which may be only a path; its query and fragment can sign somebody in. */
export function redactLocation(address: string): string {
  return URL.canParse(address) ? redactUrl(address) : address.replace(/[?#].*/s, '?…')
}
