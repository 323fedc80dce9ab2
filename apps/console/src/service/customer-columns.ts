/** Which columns does a list of customers have? */
import type { Customer } from '@devicebatch/contract'

import type { Column } from '../output/listing.ts'

export const customerColumns: readonly Column<Customer>[] = [
  ['Name', ({ companyProfile }) => companyProfile?.companyName],
  ['Domain', ({ companyProfile }) => companyProfile?.domain, { drop: 2 }],
  ['Tenant ID', ({ id }) => id, { isWhole: true }],
  ['Relationship', ({ relationshipToPartner }) => relationshipToPartner, { drop: 1 }],
]
