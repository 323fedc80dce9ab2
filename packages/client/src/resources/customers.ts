/** The customers of the partner: which there are, and how another company becomes one. */
import type { Customer, RelationshipRequest } from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { InvalidArgumentError } from '@devicebatch/edge'
import { readAnswer, show } from '@devicebatch/edge/internal'

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
  /** One customer, by its Microsoft Entra tenant id. Throws `InvalidArgumentError` when it is not a GUID. */
  byId(customerId: string): CustomerResource
  /** How a company becomes a customer. */
  readonly relationshipRequest: {
    /**
     * Reads the link with which a company accepts the reseller relationship; it is the same for every company. Needs a
     * signed-in user: an app-only token is refused with `ApiError` (403).
     */
    get(options?: CallOptions): Promise<RelationshipRequest>
  }
}

/** What can be set for listing customers; a filter takes the beginning of a text, and its case does not matter. */
export interface CustomerListOptions extends ListOptions {
  /** Only customers whose company name begins with this. Not together with `domain`. */
  companyName?: string | undefined
  /** Only customers whose `.onmicrosoft.com` domain begins with this; the service does not look at other domains. */
  domain?: string | undefined
}

export function createCustomers(core: Core): Customers {
  return {
    list({ companyName, domain, ...options } = {}) {
      const filter = toFilter(companyName, domain)
      return listOf(core, options, listedCustomer, (call) => {
        // A token stands for the size and the filter of the first page.
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

/** The most that the official SDKs ask for. */
const pageSize = 500

/** The filter as the service reads it; it knows one field at a time. */
function toFilter(companyName: string | undefined, domain: string | undefined): string | undefined {
  if (companyName !== undefined && domain !== undefined) {
    throw new InvalidArgumentError(
      '`companyName` and `domain` cannot be combined: the service filters by one of them. Pass one, and compare the other yourself.',
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
    `\`${name}\` must be the text that it begins with, and not empty; got ${show(value)}. Leave it out to list all customers.`,
  )
}

function isRequest(data: unknown): data is RelationshipRequest {
  return hasText(data, 'url')
}
