/** What stands behind a customer, for what is no method of it. */
import { InvalidArgumentError } from '@devicebatch/edge'

import type { Customer } from '../partner-center.ts'
import type { Core } from '../transport/core.ts'

const cores = new WeakMap<Customer, Core>()

/** Makes a customer known; returns it. */
export function registerCustomer(customer: Customer, core: Core): Customer {
  cores.set(customer, core)
  return customer
}

/** The core of a customer. Throws `InvalidArgumentError` for an object that was not created by this package. */
export function coreOf(customer: Customer): Core {
  const core = cores.get(customer)
  if (core) return core
  throw new InvalidArgumentError('`customer` must be what partner.customers.byId() returned.')
}
