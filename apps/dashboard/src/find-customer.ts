/** Which customer does a text name: by its tenant ID, or by the beginning of its company name? */
import type { PartnerCenter } from '@devicebatch/client'
import { isPartnerCenterError } from '@devicebatch/client'
import { isGuid } from '@devicebatch/edge/internal'

import type { MessageName } from './language/translate.ts'

/** The customer, or why there is none; `names` are those that the text could mean. */
export type FoundCustomer =
  | { customerId: string; problem?: undefined }
  | { problem: MessageName; names?: string }

/** How many names are shown when there are several. */
const most = 5
const timeoutMs = 10_000

/** Asks Partner Center for customers of that name; a whole name wins over longer ones that begin with it. */
export async function findCustomer(
  { customers }: PartnerCenter,
  text: string,
  signal: AbortSignal,
): Promise<FoundCustomer> {
  const isId: boolean = isGuid(text)
  if (isId) return { customerId: text }
  // A damaged ID is not a name.
  if (text === '' || /^[\da-f{}-]{16,}$/i.test(text)) return { problem: 'new.wrongCustomer' }
  const found: { id: string; name: string }[] = []
  try {
    for await (const { id, companyProfile } of customers.list({ companyName: text, signal, timeoutMs })) {
      const name = companyProfile?.companyName ?? ''
      if (name.toLowerCase() === text.toLowerCase()) return { customerId: id }
      if (found.push({ id, name }) > most) break
    }
  } catch (error) {
    if (!isPartnerCenterError(error)) throw error
    return { problem: 'new.customersUnknown' }
  }
  const [only, another] = found
  if (!only) return { problem: 'new.noCustomer' }
  if (!another) return { customerId: only.id }
  const names = found.slice(0, most).map(({ name }) => name)
  return {
    problem: 'new.severalCustomers',
    names: [...names, ...(found.length > most ? ['…'] : [])].join(', '),
  }
}
