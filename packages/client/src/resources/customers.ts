/** The partner's customers: listing them, and inviting another company to become one. */
import type { Customer, RelationshipRequest } from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { InvalidArgumentError } from '@devicebatch/edge'
import { callNames, checkNames, readAnswer, show } from '@devicebatch/edge/internal'

import type { Core } from '../transport/core.ts'
import { exchangeOf, hasText } from '../transport/responses.ts'
import type { CustomerResource } from './customer.ts'
import { createCustomer, listedCustomer } from './customer.ts'
import { listOf } from './list-of.ts'
import type { ListOptions, PagedList } from './paged-list.ts'

/** The customers of the partner. */
export interface Customers {
  /**
   * Lists the customers, all of them or those whose name or domain begins with a text: the service sends up to 500 at a
   * time, and this continues until there are no more. Throws `InvalidArgumentError` when a filter is empty or there are two.
   *
   * @example
   * ```ts
   * import { createPartnerCenter } from '@devicebatch/client'
   *
   * const partner = createPartnerCenter({ credential: () => process.env.DEVICEBATCH_TOKEN! })
   * for await (const { id, companyProfile } of partner.customers.list({ companyName: 'Conto' })) {
   *   console.log(id, companyProfile?.companyName, companyProfile?.domain)
   * }
   * ```
   */
  list(options?: CustomerListOptions): PagedList<Customer>
  /**
   * One customer, by its Microsoft Entra tenant ID, which {@link Customers.list} finds. Throws `InvalidArgumentError` when it is
   * not a GUID, such as a domain.
   */
  byId(customerId: string): CustomerResource
  /** How a company becomes a customer. */
  readonly relationshipRequest: {
    /**
     * Reads the link that a company uses to accept the reseller relationship; it is the same for every company. Requires a
     * signed-in user: an app-only token is refused with `ApiError` (403).
     */
    get(options?: CallOptions): Promise<RelationshipRequest>
  }
}

/** The options for listing customers; a filter matches the beginning of a text, ignoring case. */
export interface CustomerListOptions extends ListOptions {
  /** Only customers whose company name begins with this. Mutually exclusive with `domain`. */
  companyName?: string | undefined
  /** Only customers whose `.onmicrosoft.com` domain begins with this; the service ignores other domains. */
  domain?: string | undefined
}

export function createCustomers(core: Core): Customers {
  return {
    list(all = {}) {
      checkNames(all, listNames)
      const { companyName, domain, ...options } = all
      const filter = toFilter(companyName, domain)
      return listOf(core, options, listedCustomer, (call) => {
        // A token includes the size and the filter of the first page.
        const isFirst = call.headers['MS-ContinuationToken'] === undefined
        const query = isFirst ? { size: pageSize, filter } : { seekOperation: 'Next' }
        return core.api.GET('/customers', { params: { query }, ...call })
      })
    },
    byId: (customerId) => createCustomer(core, customerId),
    relationshipRequest: {
      async get(options) {
        const { response } = await core.api.GET('/customers/relationshiprequests', {
          ...core.sendWith(options),
        })
        return readAnswer(exchangeOf(response), 'RelationshipRequest', isRequest)
      },
    },
  }
}

const listNames: Readonly<Record<keyof CustomerListOptions, true>> = {
  companyName: true,
  domain: true,
  ...callNames,
}

/** The largest page that the official SDKs request. */
const pageSize = 500

/** The filter in the service's format, which allows one field at a time. */
function toFilter(companyName: string | undefined, domain: string | undefined): string | undefined {
  if (companyName !== undefined && domain !== undefined) {
    throw new InvalidArgumentError(
      '`companyName` and `domain` cannot be combined: the service filters by one of them. Pass one, and check the other in the results.',
    )
  }
  if (companyName !== undefined) return startsWith('CompanyName', checkText('companyName', companyName))
  if (domain !== undefined) return startsWith('Domain', checkText('domain', domain))
  return undefined
}

function startsWith(field: 'CompanyName' | 'Domain', value: string): string {
  return JSON.stringify({ Field: field, Value: value, Operator: 'starts_with' })
}

function checkText(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw new InvalidArgumentError(
    `\`${name}\` must be a non-empty string; got ${show(value)}. Leave it out to list all customers.`,
  )
}

function isRequest(data: unknown): data is RelationshipRequest {
  return hasText(data, 'url')
}
