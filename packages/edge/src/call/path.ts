/** Which path does an id stand in? Ids are checked and encoded here, so that none can change the path around it. */
import { InvalidArgumentError } from '../errors.ts'

const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const guidParameters = ['customerId', 'batchTrackingId', 'policyId']
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unsafeText = /^\.{0,2}$|[\u0000-\u001f\u007f/\\\p{Surrogate}]/u

/** Whether `value` is a GUID as the service writes it, in any case. */
export function isGuid(value: unknown): value is string {
  return typeof value === 'string' && guid.test(value)
}

/** Whether two pairs of ids name the same upload. The case of a GUID does not count. */
export function sameUpload(one: UnknownUpload, other: UnknownUpload): boolean {
  const nameOf = ({ customerId, batchTrackingId }: UnknownUpload): string =>
    JSON.stringify([customerId, batchTrackingId]).toLowerCase()
  return nameOf(one) === nameOf(other)
}

/** The ids of an upload as they were read from somewhere, not yet checked. */
interface UnknownUpload {
  customerId: unknown
  batchTrackingId: unknown
}

/** Throws `InvalidArgumentError` unless `value` is a GUID; returns it unchanged. */
export function checkGuid(name: string, value: unknown): string {
  if (isGuid(value)) return value
  throw new InvalidArgumentError(
    `\`${name}\` must be a GUID such as 0127ed8e-ff72-4983-a3d8-e8d8bd378932; got ${show(value)}.`,
  )
}

/**
 * Fills the `{names}` of a path template.
 *
 * `customerId`, `batchTrackingId` and `policyId` must be GUIDs; every other parameter is free text that is
 * percent-encoded, but must not be empty, `.`, `..`, or hold a slash, a backslash or a control character.
 */
export function buildPath(template: string, parameters: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name]
    if (guidParameters.includes(name)) return checkGuid(name, value)
    if (typeof value !== 'string' || unsafeText.test(value)) {
      throw new InvalidArgumentError(
        `\`${name}\` must be text that is not empty, "." or ".." and has no "/", "\\" or control character; got ${show(value)}.`,
      )
    }
    return encodeURIComponent(value)
  })
}

const parameterAfter: Readonly<Record<string, string>> = {
  customers: '/{customerId}',
  batchjobstatus: '/{batchTrackingId}',
  devicebatches: '/{batchId}',
  devices: '/{deviceId}',
  policies: '/{policyId}',
  devicepolicyupdates: '/*',
}

/** The path of a URL with every id replaced by its name, as events and messages show it. Unknown words become `*`. */
export function pathTemplate(url: string): string {
  return url
    .replace(/[?#].*|^\w+:\/\/[^/]*/g, '')
    .replace(/^.*?\/v1(?=\/|$)/, '')
    .replace(/\/+([^/]*)(\/+[^/]+)?/g, (_, word: string, id?: string) => {
      const known = word.toLowerCase()
      const name = Object.hasOwn(parameterAfter, known) ? parameterAfter[known] : undefined
      return `/${name ? word : '*'}${id ? (name ?? '/*') : ''}`
    })
}

/** Whether a URL leads to this machine over http, the only place where http is safe. */
export function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
}

/** A value as a message may show it: text quoted, of an object its type, at most 60 characters. */
export function show(value: unknown): string {
  const isOpaque = typeof value === 'function' || (typeof value === 'object' && value !== null)
  const text =
    typeof value === 'string' ? JSON.stringify(value) : isOpaque ? typeof value : `${value as number}`
  return text.length > 60 ? text.slice(0, 59) + '…' : text
}

/** An address as a message may show it: without user, password, query and fragment, which may hold a secret. */
export function showAddress(value: unknown): string {
  return show(typeof value === 'string' ? value.replace(/[?#].*|(?<=^|\/\/)[^/]*@/g, '…') : value)
}
