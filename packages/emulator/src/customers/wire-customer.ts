/** The wire format of a customer. */

import type { Customer, CustomerCompanyProfile, Link } from '@devicebatch/contract'

import type { CustomerProfile } from '../state/state.ts'

/** A customer as a list returns it. */
export function toListedCustomer(profile: CustomerProfile): Customer {
  const { customerId, relationshipToPartner } = profile
  return {
    id: customerId,
    companyProfile: companyProfile(profile),
    relationshipToPartner,
    links: linksTo(`/customers/${customerId}`),
    attributes: { objectType: 'Customer' },
  }
}

/** A customer as returned by id. */
export function toCustomer(profile: CustomerProfile): Customer {
  const { customerId, relationshipToPartner, commerceId, allowDelegatedAccess, customDomains } = profile
  return {
    id: customerId,
    commerceId,
    companyProfile: companyProfile(profile),
    relationshipToPartner,
    allowDelegatedAccess,
    customDomains: [...customDomains],
    links: linksTo(`/customers/${customerId}`),
    attributes: { objectType: 'Customer' },
  }
}

function companyProfile({ customerId, domain, companyName }: CustomerProfile): CustomerCompanyProfile {
  return {
    tenantId: customerId,
    domain,
    companyName,
    links: linksTo(`/customers/${customerId}/profiles/company`),
    attributes: { objectType: 'CustomerCompanyProfile' },
  }
}

function linksTo(uri: string): { self: Link } {
  return { self: { uri, method: 'GET', headers: [] } }
}
