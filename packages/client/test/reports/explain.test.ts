import { explain } from '@devicebatch/client'
import type { ErrorReason, PartnerFetchOptions } from '@devicebatch/client'
import { createPartnerCenter } from '@devicebatch/client'
import { appUser } from '@devicebatch/client/credentials'
import { describe, expect, test } from 'vitest'

const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'

/** What a call fails with when the service gives this answer. */
async function failureOf(
  answer: () => Response | Promise<Response>,
  call: 'status' | 'create' = 'status',
  options: Partial<PartnerFetchOptions> = {},
): Promise<unknown> {
  const partner = createPartnerCenter({
    credential: () => 'token',
    retry: false,
    fetch: async () => answer(),
    ...options,
  })
  const customer = partner.customers.byId(customerId)
  const made =
    call === 'status'
      ? customer.batchUploadStatus.byId(batchTrackingId).get()
      : customer.deviceBatches.create({ batchId: 'b', devices: [{ productKey: '1' }] })
  return made.then(
    () => expect.fail('the call must fail'),
    (error: unknown) => error,
  )
}

const fault =
  (status: number, code: number | string, description = 'Words of the service.') =>
  (): Response =>
    Response.json({ code, description, data: [], source: 'PartnerFD' }, { status })

describe('explain names cause and next step', () => {
  test.each<[string, () => Response, ErrorReason]>([
    [
      'an MFA demand as plain text',
      () => new Response('Authentication failed. MFA required. (10001)', { status: 401 }),
      'mfa-required',
    ],
    ['an MFA demand by code', fault(401, 10001), 'mfa-required'],
    ['a missing relationship', fault(403, 20002), 'no-reseller-relationship'],
    ['an indirect reseller', fault(403, 1002, 'Authorization Failed'), 'indirect-reseller'],
    ['an indirect reseller without agreement', fault(403, 900123), 'indirect-reseller'],
    ['the own missing agreement', fault(403, 900124), 'agreement-missing'],
    ['an inactive program', fault(403, 800039), 'agreement-missing'],
    ['a missing role by code', fault(403, 900150), 'role-missing'],
    [
      'a missing role as plain text',
      () =>
        new Response('The supplied role does not have the rights to perform the requested operation', {
          status: 403,
        }),
      'role-missing',
    ],
    ['a denied access', fault(403, 2032), 'role-missing'],
    ['a refused token', fault(401, 400), 'wrong-cloud'],
    ['an unknown upload', fault(404, 1000), 'unknown-id'],
    ['a wrong customer id', fault(400, 900118), 'unknown-id'],
    ['a malformed id', fault(400, 2000, 'Tenant Id must be a GUID.'), 'bad-request'],
    [
      'throttling',
      () => Response.json({ statusCode: 429, message: 'Rate limit is exceeded.' }, { status: 429 }),
      'throttled',
    ],
    ['a failure of the service', fault(500, 800003), 'service-unavailable'],
    ['a known failure on empty lists', fault(500, 0, 'Sequence contains no matching element'), 'bad-request'],
    ['a page in place of an answer', () => new Response('<html></html>'), 'unexpected-answer'],
  ])('%s', async (_, answer, reason) => {
    const explanation = explain(await failureOf(answer))
    expect(explanation.reason).toBe(reason)
    expect(explanation.cause).toMatch(/\.$/)
    expect(explanation.nextStep).toMatch(/\.$/)
    expect(explanation.quote?.requestId).toMatch(/^[\da-f-]{36}$/)
  })

  test.each([401, 403])('a batch that an app alone may not create, %i', async (status) => {
    const error = await failureOf(fault(status, 2032), 'create')
    expect(explain(error)).toMatchObject({ reason: 'user-required', retryable: false })
  })

  test('an address without a service', async () => {
    const error = await failureOf(() => Promise.reject(new TypeError('fetch failed')))
    expect(explain(error)).toMatchObject({ reason: 'no-answer', retryable: true })
  })

  test.each<[number, ErrorReason]>([
    [50076, 'mfa-required'],
    [50079, 'mfa-required'],
    [700082, 'sign-in-expired'],
    [500011, 'wrong-cloud'],
    [7000215, 'sign-in-refused'],
  ])('a sign-in that Entra refuses with AADSTS%i', async (code, reason) => {
    const credential = appUser({
      tenantId: 'contoso.onmicrosoft.com',
      clientId: 'client',
      clientSecret: 'secret',
      refreshToken: 'refresh',
      onRefreshToken: () => {},
      fetch: async () =>
        Response.json(
          { error: 'invalid_grant', error_description: `AADSTS${code}: words`, error_codes: [code] },
          { status: 400 },
        ),
    })
    expect(explain(await failureOf(() => new Response(), 'status', { credential })).reason).toBe(reason)
  })

  test("a sign-in that another library's credential failed, by the code in its message", async () => {
    const credential = {
      getToken: () =>
        Promise.reject(new Error('invalid_grant: 50076 - AADSTS50076: Due to a configuration change …')),
    }
    expect(explain(await failureOf(() => new Response(), 'status', { credential })).reason).toBe(
      'mfa-required',
    )
  })

  test('an error that is none of this project', () => {
    expect(explain(new Error('x'))).toMatchObject({ reason: 'unknown', retryable: false })
    expect(explain(undefined).reason).toBe('unknown')
  })

  test('a value that was refused before anything was sent', () => {
    const partner = createPartnerCenter({ credential: () => 'token' })
    let error: unknown
    try {
      partner.customers.byId('nobody')
    } catch (caught) {
      error = caught
    }
    expect(explain(error)).toMatchObject({ reason: 'bad-argument', retryable: false })
    expect(explain(error).quote).toBeUndefined()
  })
})
