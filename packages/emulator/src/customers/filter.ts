/** Which customers a list includes. */

import { BadRequestError, parseJson, readObject, readText } from '../http/json-body.ts'
import type { CustomerProfile } from '../state/state.ts'

const name = 'The query parameter filter'

/**
 * Parses the `filter` of a list of customers, as in "Get a list of customers filtered by a search field". Throws a
 * `BadRequestError` that says what is wrong.
 */
export function readCustomerFilter(text: string): (customer: CustomerProfile) => boolean {
  const properties = readObject(parseJson(text, name), name)
  const field = readText(properties, 'Field', name)
  const value = readText(properties, 'Value', name)?.toLowerCase()
  const operator = readText(properties, 'Operator', name)
  if (operator !== 'starts_with') {
    throw new BadRequestError(`${name}: Operator must be starts_with; got ${JSON.stringify(operator)}.`)
  }
  if (value === undefined) throw new BadRequestError(`${name}: Value must not be empty.`)
  switch (field) {
    case 'CompanyName':
      return ({ companyName }) => companyName.toLowerCase().startsWith(value)
    case 'Domain':
      return ({ domain }) => domain.toLowerCase().startsWith(value)
    default:
      throw new BadRequestError(`${name}: Field must be CompanyName or Domain; got ${JSON.stringify(field)}.`)
  }
}
