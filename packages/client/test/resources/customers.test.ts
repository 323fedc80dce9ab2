import { createPartnerCenter } from '@devicebatch/client'
import { describe, expect, test } from 'vitest'

import documentedCustomer from '../../../../spec/examples/get-customer.response.json' with { type: 'json' }
import documentedRequest from '../../../../spec/examples/get-relationship-request.response.json' with { type: 'json' }
import documentedCustomers from '../../../../spec/examples/list-customers.filtered.response.json' with { type: 'json' }
import type { Answer } from '../helpers.ts'
import { customerId, emulated, json, origin, partnerOn, rejection, text } from '../helpers.ts'

const url = `${origin}/v1/customers`

function customersOn(answers: Answer | Answer[]) {
  const { partner, sent } = partnerOn(answers, { retry: false })
  return { customers: partner.customers, sent }
}

/** The query of a request, decoded. */
const queryOf = (sent: { url: string }): Record<string, string> =>
  Object.fromEntries(new URL(sent.url).searchParams)

describe('listing customers', () => {
  test('returns the customers as the service sent them', async () => {
    const { customers, sent } = customersOn(json(200, documentedCustomers))
    expect(await customers.list().toArray()).toEqual(documentedCustomers.items)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'GET', url: `${url}?size=500`, body: undefined })
  })

  test('has text where text is documented, and omits a profile that is not an object', async () => {
    const odd = [
      { id: 7, companyProfile: { companyName: 365, domain: null }, customDomains: 'contoso.com' },
      { companyProfile: 'Contoso', relationshipToPartner: { a: 1 } },
    ]
    const { customers } = customersOn(json(200, { items: odd }))
    expect(await customers.list().toArray()).toEqual([
      { id: '7', companyProfile: { companyName: '365', domain: null } },
      { id: '', relationshipToPartner: 'an object' },
    ])
  })

  test.each([
    [
      { companyName: 'Käse & Söhne' },
      { Field: 'CompanyName', Value: 'Käse & Söhne', Operator: 'starts_with' },
    ],
    [{ domain: 'cont' }, { Field: 'Domain', Value: 'cont', Operator: 'starts_with' }],
    [
      { companyName: undefined, domain: '"}#?+%' },
      { Field: 'Domain', Value: '"}#?+%', Operator: 'starts_with' },
    ],
  ])('filters by %j as the documents write it', async (options, filter) => {
    const { customers, sent } = customersOn(json(200, { items: [] }))
    expect(await customers.list(options).toArray()).toEqual([])
    expect(queryOf(sent[0]!)).toEqual({ size: '500', filter: JSON.stringify(filter) })
  })

  test('reads the next page by its token alone', async () => {
    const token = 'c5757d70,Wzc=/='
    const { customers, sent } = customersOn([
      json(200, { items: [{ id: 'a' }], continuationToken: token }),
      json(200, { items: [{ id: 'b' }] }),
    ])
    expect(await customers.list({ companyName: 'Cont' }).toArray()).toEqual([{ id: 'a' }, { id: 'b' }])
    expect(sent.map(({ headers }) => headers['ms-continuationtoken'])).toEqual([undefined, token])
    expect(sent[1]!.url).toBe(`${url}?seekOperation=Next`)
  })

  test('sends the filter only to the service', async () => {
    const inits: (RequestInit | undefined)[] = []
    const partner = createPartnerCenter({
      credential: () => 'token',
      fetch: async (_, init) => {
        inits.push(init)
        return Response.json({ items: [] })
      },
    })
    await partner.customers.list({ companyName: 'Contoso', correlationId: customerId }).toArray()
    expect(inits[0]).not.toHaveProperty('companyName')
    expect(new Headers(inits[0]?.headers).get('MS-CorrelationId')).toBe(customerId)
  })

  test('names neither filter nor query in an error', async () => {
    const { customers } = customersOn(json(403, { code: 900150, description: 'No.' }))
    const error = await rejection(customers.list({ companyName: 'Secretive' }).toArray())
    expect(error).toMatchObject({ code: 'api', status: 403 })
    expect(JSON.stringify(error) + String(error)).not.toMatch(/Secretive|filter/)
  })

  test('pages 1,234 customers of the emulator, and finds those that begin with a text', async () => {
    const { emulator, partner, requestsOf } = emulated()
    emulator.seed({
      customers: Array.from({ length: 1_234 }, (_, index) => ({
        customerId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        companyName: `Northwind ${index}`,
        domain: `northwind${index}.onmicrosoft.com`,
      })),
    })
    const all = await partner.customers.list({ companyName: 'northwind ' }).toArray()
    expect(new Set(all.map(({ id }) => id)).size).toBe(1_234)
    expect(requestsOf('listCustomers')).toHaveLength(3)
    const found = await partner.customers.list({ domain: 'NORTHWIND123' }).toArray()
    expect(found.map(({ companyProfile }) => companyProfile?.companyName)).toEqual([
      'Northwind 123',
      'Northwind 1230',
      'Northwind 1231',
      'Northwind 1232',
      'Northwind 1233',
    ])
  })
})

describe('one customer', () => {
  test('is read with one GET', async () => {
    const { customers, sent } = customersOn(text(200, `\ufeff${JSON.stringify(documentedCustomer)}`))
    expect(await customers.byId(documentedCustomer.id).get()).toEqual(documentedCustomer)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'GET', url: `${url}/${documentedCustomer.id}`, body: undefined })
  })

  test.each<[string, Answer, object]>([
    ['one that is not there', json(404, { code: 60003 }), { code: 'api', status: 404, serviceCode: '60003' }],
    ['no relationship', json(403, { code: 20002 }), { code: 'api', status: 403, serviceCode: '20002' }],
    ['an answer without a customer', json(200, {}), { code: 'response', status: 200 }],
    ['a response of null', json(200, null), { code: 'response', status: 200 }],
    ['a page', text(200, '<html>'), { code: 'response', status: 200 }],
  ])('rejects for %s', async (_, answer, expected) => {
    const { customers } = customersOn(answer)
    expect(await rejection(customers.byId(customerId).get())).toMatchObject(expected)
  })
})

describe('the relationship request', () => {
  test('is read with one GET', async () => {
    const { customers, sent } = customersOn(json(200, documentedRequest))
    expect(await customers.relationshipRequest.get()).toEqual(documentedRequest)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'GET', url: `${url}/relationshiprequests`, body: undefined })
  })

  test.each<[string, Answer]>([
    ['an answer without a link', json(200, {})],
    ['a page', text(200, '<html>')],
  ])('rejects for %s', async (_, answer) => {
    const { customers } = customersOn(answer)
    expect(await rejection(customers.relationshipRequest.get())).toMatchObject({ code: 'response' })
  })

  test('needs a signed-in user, not app-only sign-in', async () => {
    const { emulator, partner: user } = emulated()
    const app = createPartnerCenter(emulator.partnerOptions('app'))
    expect(await rejection(app.customers.relationshipRequest.get())).toMatchObject({
      code: 'api',
      status: 403,
    })
    expect(await user.customers.relationshipRequest.get()).toEqual(documentedRequest)
  })
})
