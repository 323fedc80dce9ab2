/** Is a text the ID, the domain or the name of a customer? Decided from the text alone. */
import { InvalidArgumentError } from '@devicebatch/client'
import { isGuid } from '@devicebatch/edge/internal'

/** A customer as the user specified it. */
export type CustomerText =
  | { kind: 'id'; customerId: string }
  | { kind: 'domain'; domain: string }
  | { kind: 'name'; beginning: string }

/** Where Partner Center shows a customer's tenant ID (Partner Center docs, and the portal since 2025). */
export const whereTheIdIs =
  'Partner Center > Customers (older: CSP > Customers) > the customer > Account > Microsoft ID'

const label = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?`
const domain = new RegExp(String.raw`^${label}(?:\.${label})*\.(?:\p{L}{2,}|xn--[\da-z-]+)$`, 'u')

/**
 * Reads `--customer`, or `DEVICEBATCH_CUSTOMER` without it. Throws `InvalidArgumentError` when there is neither, or when it is
 * a damaged tenant ID, which must not be mistaken for a name.
 */
export function readCustomerText(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): CustomerText {
  const text = (option ?? env['DEVICEBATCH_CUSTOMER'])?.trim()
  if (text === undefined || (text === '' && option === undefined)) {
    throw new InvalidArgumentError(
      "--customer is missing. Pass the customer's tenant ID, a domain or the beginning of its name, or set DEVICEBATCH_CUSTOMER.",
    )
  }
  return parseCustomerText(text)
}

/** Reads the text. Throws `InvalidArgumentError` when it is empty or a damaged tenant ID. */
export function parseCustomerText(text: string): CustomerText {
  if (isGuid(text)) return { kind: 'id', customerId: text }
  if (text === '' || isAlmostGuid(text)) {
    throw new InvalidArgumentError(
      'The customer must be a tenant ID such as 47021739-3426-40bf-9601-61b4b6d7c793, a domain such as ' +
        `contoso.onmicrosoft.com, or the beginning of a company name; got ${JSON.stringify(text)}. The tenant ID is in ${whereTheIdIs}.`,
    )
  }
  return domain.test(text) ? { kind: 'domain', domain: text } : { kind: 'name', beginning: text }
}

/** Hexadecimal digits in several groups, or in one group as long as an ID: no company has such a name. */
function isAlmostGuid(text: string): boolean {
  return /^[{(]?(?:[\da-f]{4,}(?:-[\da-f]+){2,}|[\da-f]{30,})[)}]?$/i.test(text)
}
