/** Which customer does a text name: by its tenant ID, or by the beginning of its company name? */
import type { PartnerCenter } from '@devicebatch/client'
import { isPartnerCenterError } from '@devicebatch/client'
import type { Customer } from '@devicebatch/contract'
import { isGuid } from '@devicebatch/edge/internal'

import type { MessageName } from './language/translate.ts'
import { lookupTimeoutMs } from './lookup-timeout.ts'

/** The customer, or why there is none; `names` are those that the text could mean. */
export type FoundCustomer =
  | { customerId: string; problem?: undefined }
  | { problem: MessageName; names?: string }

/** How many names are shown when there are several. */
const most = 5

/** Asks Partner Center for customers of that name; a whole name that only one customer has wins over longer ones. */
export async function findCustomer(
  { customers }: PartnerCenter,
  text: string,
  signal: AbortSignal,
): Promise<FoundCustomer> {
  const isId: boolean = isGuid(text)
  if (isId) return { customerId: text }
  // A damaged ID is not a name.
  if (text === '' || /^[\da-f{}-]{16,}$/i.test(text)) return { problem: 'new.wrongCustomer' }
  const beginning: Customer[] = []
  const exact: Customer[] = []
  try {
    for await (const customer of customers.list({ companyName: text, signal, timeoutMs: lookupTimeoutMs })) {
      beginning.push(customer)
      if (customer.companyProfile?.companyName?.toLowerCase() === text.toLowerCase()) exact.push(customer)
      // Different companies can have the same name, so one that has it is looked for to the end.
      if ((exact.length > 0 ? exact : beginning).length > most) break
    }
  } catch (error) {
    if (!isPartnerCenterError(error)) throw error
    return { problem: 'new.customersUnknown' }
  }
  const found = exact.length > 0 ? exact : beginning
  const [only, another] = found
  if (!only) return { problem: 'new.noCustomer' }
  if (!another) return { customerId: only.id }
  const names = found.slice(0, most).map(describeCustomer)
  return {
    problem: 'new.severalCustomers',
    names: [...names, ...(found.length > most ? ['…'] : [])].join('; '),
  }
}

/** The name does not tell customers of the same name apart. */
function describeCustomer({ id, companyProfile }: Customer): string {
  const { companyName, domain } = companyProfile ?? {}
  return `${companyName ?? ''} (${[domain, id].filter(Boolean).join(', ')})`
}
