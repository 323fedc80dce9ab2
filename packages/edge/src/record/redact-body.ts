/** What of a body may be shown to somebody else? Its structure, and the texts that say how the service works. */
import { isGuid } from '../call/path.ts'
import { redact, redactLikely } from '../redact.ts'

/** The members whose texts are shown, in lower case; those of all others are replaced by their length. */
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

/** The content of a body that is JSON or a form, without what only its owner may see; of anything else only its length. */
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

/** An address without a user and without the values of its query. */
export function redactUrl(address: string): string {
  if (!URL.canParse(address)) return lengthOf(address)
  const { origin, pathname, searchParams } = new URL(address)
  const names = [...searchParams.keys()].map((name) => `${name}=…`)
  return origin + pathname + (names.length > 0 ? `?${names.join('&')}` : '')
}
