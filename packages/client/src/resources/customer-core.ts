/** What stands behind a customer, for what is no method of it. */
import type { Customer } from '../partner-center.ts'
import type { Core } from '../transport/core.ts'

const cores = new WeakMap<Customer, Core>()

/** Makes a customer known; returns it. */
export function registerCustomer(customer: Customer, core: Core): Customer {
  cores.set(customer, core)
  return customer
}

/** The core of a customer; `undefined` for an object of the same shape that is none of ours. */
export function coreOf(customer: Customer): Core | undefined {
  return cores.get(customer)
}
