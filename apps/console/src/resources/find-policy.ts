/** Which policy did the user choose? */
import type { CustomerResource } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'
import type { ConfigurationPolicy } from '@devicebatch/contract'
import { isGuid } from '@devicebatch/edge/internal'

import { count } from '../output/format.ts'

/** Throws `InvalidArgumentError` when the text can be neither an ID nor a name. */
export function checkPolicyName(idOrName: string): void {
  if (idOrName.trim() !== '') return
  throw new InvalidArgumentError(
    'The policy name is empty, perhaps from an unset variable. Pass a name or an ID: see "devicebatch policies list".',
  )
}

/**
 * The policy with this ID or name, ignoring case. Rejects with `InvalidArgumentError` when there is none, or more than one.
 */
export async function findPolicy(
  customer: CustomerResource,
  idOrName: string,
  signal: AbortSignal,
): Promise<ConfigurationPolicy> {
  const wanted = idOrName.trim().toLowerCase()
  const { configurationPolicies } = customer
  if (isGuid(idOrName)) return configurationPolicies.byId(idOrName).get({ signal })
  const policies = await configurationPolicies.list({ signal }).toArray()
  const found = policies.filter(({ name }) => name?.trim().toLowerCase() === wanted)
  if (found.length === 1) return found[0]!
  const text = JSON.stringify(idOrName)
  throw new InvalidArgumentError(
    found.length > 1
      ? `${count(found.length)} policies are named ${text}. Choose one by its ID: ${found.map(({ id }) => id).join(', ')}.`
      : `The customer has no policy named ${text}. See "devicebatch policies list".`,
  )
}
