/** Reads JSON as the service does: property names in any case, null the same as absent. */

/** A body that cannot be accepted; the message becomes the fault's description. */
export class BadRequestError extends Error {
  override name = 'BadRequestError'
  /** The fault's code: 800002, "invalid request input", unless the documents have a closer one. */
  readonly code: number

  constructor(message: string, code = 800002) {
    super(message)
    this.code = code
  }
}

/** An object's properties by their names in lower case. */
export type Properties = ReadonlyMap<string, unknown>

/** Parses JSON text. Throws a `BadRequestError` with the text's name if it is empty or not JSON. */
export function parseJson(text: string, name = 'The request body'): unknown {
  const json = text.replace(/^\uFEFF/, '')
  if (json.trim() === '') throw new BadRequestError(`${name} is empty; it must be JSON.`)
  try {
    return JSON.parse(json)
  } catch {
    throw new BadRequestError(`${name} is not valid JSON.`)
  }
}

/** The properties of the request body. Throws a `BadRequestError` when it is not an object. */
export function readBody(text: string): Properties {
  return readObject(parseJson(text), 'The request body')
}

/** The value's properties. Throws a `BadRequestError` that names the value when it is not an object. */
export function readObject(value: unknown, name: string): Properties {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadRequestError(`${name} must be an object.`)
  }
  return new Map(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]))
}

/** A non-empty string; undefined if it is absent, null or empty. Throws for anything else. */
export function readText(properties: Properties, property: string, name: string): string | undefined {
  const value = properties.get(property.toLowerCase())
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  throw new BadRequestError(`${name}: ${property} must be a string.`)
}

/** The elements of an array property; undefined if it is absent or null. Throws for anything else. */
export function readArray(properties: Properties, property: string, name: string): unknown[] | undefined {
  const value = properties.get(property.toLowerCase())
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value)) return value
  throw new BadRequestError(`${name}: ${property} must be an array.`)
}
