import { createEmulator, documentedUpload } from '@devicebatch/emulator'
import type { Emulator, EmulatorOptions, SeedCustomer } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, customerId } from '../caller.ts'
import type { Caller } from '../caller.ts'

interface Page {
  totalCount: number
  items: { id: string; companyProfile: { companyName: string; domain: string; tenantId: string } }[]
  continuationToken?: string
  links: { self: { uri: string }; next?: { uri: string; headers: { key: string; value: string }[] } }
}

const next = '/v1/customers?seekOperation=Next'

function numbered(count: number): SeedCustomer[] {
  return Array.from({ length: count }, (_, index) => ({
    customerId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    companyName: `Northwind ${index}`,
    domain: `northwind${index}.onmicrosoft.com`,
  }))
}

async function emulate(customers: SeedCustomer[], options: EmulatorOptions = {}) {
  const emulator: Emulator = createEmulator({ timeScale: 0, ...options })
  emulator.seed({ customers })
  return { emulator, caller: await createCaller(emulator.fetch) }
}

function filtered(field: string, value: string, operator = 'starts_with'): string {
  return encodeURIComponent(JSON.stringify({ Field: field, Value: value, Operator: operator }))
}

async function list(caller: Caller, query: string, token?: string): Promise<Page> {
  const headers = token === undefined ? {} : { 'MS-ContinuationToken': token }
  const answer = await caller.get(`/v1/customers${query}`, headers)
  expect(answer.status).toBe(200)
  return answer.json()
}

const namesOf = ({ items }: Page): string[] => items.map(({ companyProfile }) => companyProfile.companyName)

test.for([
  ['company name', filtered('CompanyName', 'northwind 1'), 11],
  ['domain', filtered('Domain', 'NORTHWIND1'), 11],
  ['company name that no customer has', filtered('CompanyName', 'Nobody'), 0],
  ['middle of a company name', filtered('CompanyName', 'wind 1'), 0],
] as const)('a list is filtered by the beginning of a %s, whatever its case', async ([, filter, count]) => {
  const { caller } = await emulate(numbered(20))
  const page = await list(caller, `?size=0&filter=${filter}`)
  expect(page).toMatchObject({
    totalCount: count,
    links: { self: { uri: `/customers?size=0&filter=${filter}` } },
  })
  expect(page.items).toHaveLength(count)
})

test.for(['', '?size=0'])('GET /customers%s lists all customers at once', async (query) => {
  const { caller } = await emulate(numbered(600))
  const page = await list(caller, query)
  expect(page).not.toHaveProperty('continuationToken')
  expect(namesOf(page).filter((name) => name.startsWith('Northwind'))).toHaveLength(600)
})

test('the next page needs only its token, which includes size and filter', async () => {
  const { caller } = await emulate(numbered(250))
  const pages = [await list(caller, `?size=100&filter=${filtered('CompanyName', 'Northwind')}`)]
  while (pages.at(-1)?.continuationToken !== undefined) {
    pages.push(await list(caller, '?seekOperation=Next', pages.at(-1)?.continuationToken))
  }
  expect(pages.map(({ items }) => items.length)).toEqual([100, 100, 50])
  expect(pages.every(({ totalCount }) => totalCount === 250)).toBe(true)
  expect(pages.flatMap(namesOf)).toEqual(numbered(250).map(({ companyName }) => companyName))
  expect(pages[0]?.continuationToken).toMatch(/,.*\/.*=$/)
})

test('the token is in the links of the page, or in a header, as continuationTokenIn says', async () => {
  const inLinks = await emulate(numbered(2), { quirks: { continuationTokenIn: 'links' } })
  const first = await list(inLinks.caller, '?size=1')
  expect(first).not.toHaveProperty('continuationToken')
  expect(first.links.next).toMatchObject({ uri: '/customers?seekOperation=Next' })
  const [header] = first.links.next?.headers ?? []
  expect(header?.key).toBe('MS-ContinuationToken')
  expect((await list(inLinks.caller, '?seekOperation=Next', header?.value)).items).toHaveLength(1)

  const inHeader = await emulate(numbered(2), { quirks: { continuationTokenIn: 'header' } })
  const answer = await inHeader.caller.get('/v1/customers?size=1')
  const token = answer.headers.get('MS-ContinuationToken') ?? ''
  expect(await answer.json()).not.toHaveProperty('continuationToken')
  expect((await list(inHeader.caller, '?seekOperation=Next', token)).items).toHaveLength(1)
})

test.for([
  ['a token without seekOperation', '/v1/customers', 'a,b/='],
  ['seekOperation without a token', next, undefined],
  ['another seekOperation', '/v1/customers?seekOperation=Previous', 'a,b/='],
  ['a token of another list', next, 'devices-1,2/3='],
  ['a token for a customer that is not listed', next, `${customerId},${btoa('[1]')}/=`],
  ['a token whose query is none', next, `${documentedUpload.customerId},${btoa('[1,2]')}/=`],
  ['a token without a query', next, `${documentedUpload.customerId},${btoa('5')}/=`],
  ['a size that is not a number', '/v1/customers?size=many', undefined],
  ['a size above 500', '/v1/customers?size=501', undefined],
  ['a filter that is not JSON', '/v1/customers?filter=Contoso', undefined],
  ['a filter that is not an object', '/v1/customers?filter=%5B%5D', undefined],
  ['a field that cannot be filtered by', `/v1/customers?filter=${filtered('Id', 'a')}`, undefined],
  ['another operator', `/v1/customers?filter=${filtered('Domain', 'a', 'equals')}`, undefined],
  ['no value', `/v1/customers?filter=${filtered('Domain', '')}`, undefined],
] as const)('%s is answered with 400', async ([, path, token]) => {
  const { caller } = await emulate([])
  const answer = await caller.get(path, token === undefined ? {} : { 'MS-ContinuationToken': token })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ code: 800002, description: expect.stringMatching(/\.$/) })
})

test('a seeded customer is read by its ID, in any case', async () => {
  const id = 'A1B2C3D4-0000-4000-8000-00000000BEEF'
  const { caller } = await emulate([{ customerId: id, companyName: 'Contoso', domain: 'contoso.com' }])
  const answer = await caller.get(`/v1/customers/${id.toLowerCase()}`)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({
    id,
    companyProfile: { tenantId: id, companyName: 'Contoso', domain: 'contoso.com' },
    relationshipToPartner: 'reseller',
    allowDelegatedAccess: false,
    customDomains: ['contoso.com'],
  })
})

test('a customer known only by its batches is not listed and not found by its ID', async () => {
  const { caller } = await emulate([])
  await caller.upload([{ productKey: 'K1' }])
  const answer = await caller.get(`/v1/customers/${customerId}`)
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ code: 60003 })
  expect((await list(caller, '')).items.map(({ id }) => id)).not.toContain(customerId)
})

test('a customer without a reseller relationship can be read, but its devices cannot', async () => {
  const seed = { customerId, companyName: 'Contoso', domain: 'contoso.com', relationshipToPartner: 'none' }
  const { caller } = await emulate([seed])
  expect((await caller.get(`/v1/customers/${customerId}`)).status).toBe(200)
  const batches = `/v1/customers/${customerId}/deviceBatches`
  for (const answer of [
    await caller.get(batches),
    await caller.post(batches, { batchId: 'B', devices: [{ productKey: 'K1' }] }),
  ]) {
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 20002 })
  }
})

test('the relationship request requires a signed-in user', async () => {
  const { fetch } = createEmulator()
  const path = '/v1/customers/relationshiprequests'
  const app = await (await createCaller(fetch, 'client_credentials')).get(path)
  expect(app.status).toBe(403)
  expect(await app.json()).toMatchObject({ code: 900150 })
  const user = await (await createCaller(fetch)).get(path)
  expect(await user.json()).toMatchObject({ url: expect.stringContaining('ResellerRelationship') })
})

test('the customer of the documented upload has a name', async () => {
  const { caller } = await emulate([])
  const answer = await caller.get(`/v1/customers/${documentedUpload.customerId}`)
  expect(await answer.json()).toMatchObject({ companyProfile: { companyName: 'Fabrikam' } })
})

test('a snapshot keeps the customers and their order', async () => {
  const { emulator, caller } = await emulate(numbered(3))
  const before = await list(caller, '')
  const snapshot = emulator.snapshot()
  emulator.seed({ customers: [{ customerId, companyName: 'Later', domain: 'later.com' }] })
  emulator.restore(snapshot)
  expect(await list(caller, '')).toEqual(before)
})

test.for([
  [{ customerId: 'contoso', companyName: 'A', domain: 'a.com' }, /"customerId" must be a GUID/],
  [{ customerId, companyName: '', domain: 'a.com' }, /"companyName"/],
  [{ customerId, companyName: 'A' }, /"domain"/],
  [{ customerId, companyName: 'A', domain: 'a.com', allowDelegatedAccess: 'no' }, /"allowDelegatedAccess"/],
  [{ customerId, companyName: 'A', domain: 7 }, /"domain"/],
  [{ customerId, companyName: 'A', domain: 'a.com', customDomains: 'a.com' }, /"customDomains"/],
] as const)('a seeded customer that is wrong is refused: %j', ([customer, message]) => {
  expect(() => createEmulator().seed({ customers: [customer as never] })).toThrow(message)
})
