/** The operations that find a customer. */

import type { Context } from 'hono'

import type { AppEnv } from '../http/app-env.ts'
import { fault, forbidden, ok } from '../http/responses.ts'
import { findCustomer, listedCustomers } from '../state/state.ts'
import { firstPage, nextPage, pageOfCustomers } from './pages.ts'
import { toCustomer } from './wire-customer.ts'

/** "Get a list of customers", and "… filtered by a search field". */
export function listCustomers(c: Context<AppEnv>): Response {
  const { state, settings } = c.env
  const token = c.req.header('MS-ContinuationToken')
  const seekOperation = c.req.query('seekOperation')
  if ((token === undefined) !== (seekOperation === undefined)) {
    return fault(c, 400, 800002, 'The next page takes both MS-ContinuationToken and seekOperation=Next.')
  }
  if (seekOperation !== undefined && seekOperation !== 'Next') {
    return fault(c, 400, 800002, `seekOperation must be Next; got ${JSON.stringify(seekOperation)}.`)
  }
  const query = token === undefined ? firstPage(c.req.query('size'), c.req.query('filter')) : nextPage(token)
  const path = `/customers${new URL(c.req.url).search}`
  const { body, headers } = pageOfCustomers(listedCustomers(state), query, path, settings)
  return ok(c, body, headers)
}

/** "Get a customer by ID". */
export function getCustomer(c: Context<AppEnv>): Response {
  const customerId = c.req.param('customerId') ?? ''
  const profile = findCustomer(c.env.state, customerId)?.profile
  return profile
    ? ok(c, toCustomer(profile))
    : fault(c, 404, 60003, `The tenant ${customerId} was not found among the customers of the partner.`)
}

/** "Retrieve a relationship request URL", for signed-in users only. */
export function getRelationshipRequest(c: Context<AppEnv>): Response {
  if (c.var.token.kind === 'app') return forbidden(c)
  return ok(c, {
    url: 'https://admin.microsoft.com/Adminportal/Home?invType=ResellerRelationship&partnerId=3b33e682-00c3-41ee-9dd2-a548adf56438&msppId=0&DAP=false#/BillingAccounts/partner-invitation',
    attributes: { objectType: 'RelationshipRequest' },
  })
}
