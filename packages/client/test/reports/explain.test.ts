import { explainError, uploadDevices } from '@devicebatch/client'
import type { ErrorReason, NewDevice, PartnerCenterOptions } from '@devicebatch/client'
import { createPartnerCenter } from '@devicebatch/client'
import { appOnly, appUser } from '@devicebatch/client/credentials'
import { createEmulator } from '@devicebatch/emulator'
import { describe, expect, test } from 'vitest'

const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'

const identity = (error: unknown): unknown => error

/** The error of a call that gets this response. */
async function failureOf(
  answer: () => Response | Promise<Response>,
  call: 'status' | 'create' = 'status',
  options: Partial<PartnerCenterOptions> = {},
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

const page = (status: number) => (): Response =>
  new Response('<!DOCTYPE html><title>Blocked</title>', { status })

const refusedUser = (error: string, code: number): PartnerCenterOptions['credential'] =>
  appUser({
    tenantId: 'contoso.onmicrosoft.com',
    clientId: 'client',
    clientSecret: 'secret',
    refreshToken: 'refresh',
    onRefreshToken: () => {},
    fetch: async () =>
      Response.json(
        { error, error_description: `AADSTS${code}: words`, error_codes: [code] },
        { status: 400 },
      ),
  })

/** Signs in app-only with this response of the token endpoint. */
function signInThat(answer: () => Response | Promise<Response>): Partial<PartnerCenterOptions> {
  return {
    credential: appOnly({ tenantId: 't', clientId: 'c', clientSecret: 's', fetch: async () => answer() }),
  }
}

describe('explainError names cause and next step', () => {
  test.each<[string, () => Response, ErrorReason]>([
    [
      'an MFA demand as plain text',
      () => new Response('Authentication failed. MFA required. (10001)', { status: 401 }),
      'mfa-required',
    ],
    ['an MFA demand by code', fault(401, 10001), 'mfa-required'],
    ['an MFA demand by code, whatever its words', fault(401, 900421, 'Unauthorized'), 'mfa-required'],
    [
      'app-only sign-in where a user is needed',
      fault(403, 0, "This resource can't be accessed by application credentials."),
      'user-required',
    ],
    [
      'app-only sign-in where a user is needed, as a failure',
      fault(500, 0, "This resource can't be accessed by application credentials."),
      'user-required',
    ],
    ['a request that is too large', () => new Response(null, { status: 413 }), 'too-large'],
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
    ['a wrong customer ID', fault(400, 900118), 'unknown-id'],
    ['a malformed ID', fault(400, 2000, 'Tenant Id must be a GUID.'), 'bad-request'],
    [
      'throttling',
      () => Response.json({ statusCode: 429, message: 'Rate limit is exceeded.' }, { status: 429 }),
      'throttled',
    ],
    ['a failure of the service', fault(500, 800003), 'service-unavailable'],
    ['a known failure on empty lists', fault(500, 0, 'Sequence contains no matching element'), 'bad-request'],
    ['a page in place of an answer', () => new Response('<html></html>'), 'unexpected-answer'],
    ['a token that has expired', fault(401, 0, 'Access denied: the token has expired.'), 'sign-in-expired'],
    ['a busy gateway that sends a page', page(503), 'service-unavailable'],
  ])('%s', async (_, answer, reason) => {
    const explanation = explainError(await failureOf(answer))
    expect(explanation.reason).toBe(reason)
    expect(explanation.cause).toMatch(/\.$/)
    expect(explanation.nextStep).toMatch(/\.$/)
    expect(explanation.quote?.requestId).toMatch(/^[\da-f-]{36}$/)
  })

  test('a refusal whose description speaks of an HTML page, as what the service says', async () => {
    const words =
      'The body is an HTML page. Check that no proxy or sign-in page responds in place of the service.'
    expect(explainError(await failureOf(fault(403, 900150, words), 'create')).reason).toBe('role-missing')
  })

  test.each([401, 403, 404, 407])(
    'the page of a proxy or a firewall with status %i, not as a refusal by the service',
    async (status) => {
      for (const call of ['status', 'create'] as const) {
        const { reason, cause, nextStep } = explainError(await failureOf(page(status), call))
        expect({ reason, nextStep }).toEqual({
          reason: 'unexpected-answer',
          nextStep: 'Check that no proxy, firewall or sign-in page responds in place of the service.',
        })
        expect(cause).toContain('HTML page')
      }
    },
  )

  test('a missing role with the sign-in that creating a batch requires', async () => {
    expect(explainError(await failureOf(fault(403, 900150), 'create')).nextStep).toContain(
      'sign in as App+User',
    )
  })

  test.each<[string, Partial<PartnerCenterOptions>]>([
    ['an unset variable', { credential: () => undefined as never }],
    ['something other than a token', { credential: () => 'Bearer token' }],
    [
      'a certificate that is not trusted',
      signInThat(() => Promise.reject(Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }))),
    ],
    ['a page that refuses', signInThat(() => new Response('<html>', { status: 407 }))],
  ])('a sign-in that no attempt can help, %s, without a word of Microsoft Entra', async (_, options) => {
    const explanation = explainError(await failureOf(() => new Response(), 'status', options))
    expect(explanation).toMatchObject({ reason: 'sign-in-refused', isRetryable: false })
    expect(`${explanation.cause} ${explanation.nextStep}`).not.toContain('Entra')
  })

  test.each<[string, Partial<PartnerCenterOptions>]>([
    ['its endpoint cannot be reached', signInThat(() => Promise.reject(new TypeError('fetch failed')))],
    ['its endpoint is down', signInThat(() => new Response('<html>', { status: 503 }))],
    ['a proxy sends a page', signInThat(() => new Response('<html>'))],
    ['a vault is down', { credential: () => Promise.reject(new Error('the vault is down')) }],
  ])('a sign-in that got no response, because %s, as such', async (_, options) => {
    const { reason, isRetryable, nextStep } = explainError(
      await failureOf(() => new Response(), 'status', options),
    )
    expect({ reason, isRetryable }).toEqual({ reason: 'no-answer', isRetryable: true })
    expect(nextStep).toContain('network')
  })

  test.each([
    ['a 403 without a body', () => new Response(null, { status: 403 })],
    ['a customer of somebody else', fault(403, 20002)],
  ])('%s with the reseller relationship, what it needs and where to request it', async (_, answer) => {
    for (const call of ['status', 'create'] as const) {
      const { nextStep } = explainError(await failureOf(answer, call))
      expect(nextStep).toContain('`devicebatch customers --invite`')
      expect(nextStep).toContain('Customers > Request reseller relationship')
      expect(nextStep).toContain('Delegated administration (DAP or GDAP) is not required.')
      expect(nextStep).toContain('Indirect resellers have no API access.')
    }
  })

  test('an MFA demand on a create as on a read', async () => {
    expect(explainError(await failureOf(fault(401, 900421, 'x'), 'create')).reason).toBe('mfa-required')
  })

  test.each([401, 403])('a batch that app-only sign-in may not create, %i', async (status) => {
    const error = await failureOf(fault(status, 2032), 'create')
    expect(explainError(error)).toMatchObject({ reason: 'user-required', isRetryable: false })
  })

  test('an address without a service', async () => {
    const error = await failureOf(() => Promise.reject(new TypeError('fetch failed')))
    expect(explainError(error)).toMatchObject({ reason: 'no-answer', isRetryable: true })
  })

  const entraCodes: [ErrorReason, number[]][] = [
    ['mfa-required', [50076, 50079, 50078, 50074, 50072, 50158]],
    ['sign-in-blocked', [50097, 53000, 53003, 530003]],
    ['sign-in-expired', [700082, 70008, 50173, 70043, 70044, 700084, 50132, 50133, 50089, 70000]],
    ['secret-refused', [7000222, 7000215, 7000218, 700025]],
    ['consent-missing', [65001, 650052, 650057]],
    ['account-refused', [50057, 50034, 50020, 90072, 500341, 50105]],
    ['app-refused', [7000112, 700016]],
    ['wrong-cloud', [500011, 90002]],
    ['service-unavailable', [90033]],
  ]

  test.each(entraCodes.flatMap(([reason, codes]) => codes.map((code) => [code, reason] as const)))(
    'a sign-in that Entra refuses with AADSTS%i as %s, with the advice of its message',
    async (code, reason) => {
      const error = (await failureOf(() => new Response(), 'status', {
        credential: refusedUser('invalid_grant', code),
      })) as Error
      const { reason: found, cause, nextStep } = explainError(error)
      expect(found).toBe(reason)
      expect(error.message).toContain(`(AADSTS${code}). ${cause} ${nextStep}`)
    },
  )

  test.each<[string, ErrorReason]>([
    ['interaction_required', 'mfa-required'],
    ['consent_required', 'consent-missing'],
    ['invalid_grant', 'sign-in-expired'],
    ['invalid_client', 'secret-refused'],
    ['unauthorized_client', 'app-refused'],
    ['temporarily_unavailable', 'service-unavailable'],
    ['invalid_request', 'sign-in-refused'],
  ])('a sign-in that Entra refuses with %s and an unknown code as %s', async (word, reason) => {
    const error = (await failureOf(() => new Response(), 'status', {
      credential: refusedUser(word, 1),
    })) as Error
    const { reason: found, cause, nextStep } = explainError(error)
    expect(found).toBe(reason)
    if (reason !== 'sign-in-refused') expect(error.message).toContain(`${cause} ${nextStep}`)
  })

  test("a sign-in that another library's credential failed, by the code in its message", async () => {
    const credential = {
      getToken: () =>
        Promise.reject(new Error('invalid_grant: 50076 - AADSTS50076: Due to a configuration change …')),
    }
    expect(explainError(await failureOf(() => new Response(), 'status', { credential })).reason).toBe(
      'mfa-required',
    )
  })

  test('a wait that timed out, without sending anybody to check the network', async () => {
    const customer = createPartnerCenter(createEmulator({ timeScale: 0 }).partnerOptions()).customers.byId(
      customerId,
    )
    const device = { serialNumber: 'A', oemManufacturerName: 'HP', modelName: 'X' }
    const group = await uploadDevices(customer, { batchId: 'b', devices: [device] })
    const upload = customer.batchUploadStatus.byId(group.chunks[0]!.batchTrackingId!)
    for (const tracked of [upload, group]) {
      const error = await tracked.wait({ timeoutMs: 10 }).catch((caught: unknown) => caught)
      expect(explainError(error)).toMatchObject({
        cause: 'The upload had not ended when the time to wait for it was up.',
        nextStep: 'Wait for it again, with a longer `timeoutMs`: it continues at the service.',
        isRetryable: true,
      })
    }
  })

  test('a call that was not sent because the service is throttling others', async () => {
    const partner = createPartnerCenter({
      credential: () => 'token',
      timeoutMs: 1_000,
      fetch: async () => new Response('', { status: 429, headers: { 'Retry-After': '57' } }),
    })
    const list = (): Promise<unknown> => partner.customers.list().toArray()
    for (const error of [await list().catch(identity), await list().catch(identity)]) {
      expect(explainError(error)).toMatchObject({ reason: 'throttled', isRetryable: true })
    }
  })

  test('an upload that its own devices or callbacks stopped, without denying that a part was sent', async () => {
    const customer = createPartnerCenter(createEmulator().partnerOptions()).customers.byId(customerId)
    async function* devices(): AsyncGenerator<NewDevice> {
      yield* [{ productKey: '1' }, { productKey: '2' }, { productKey: '' }]
    }
    const stopped = {
      reason: 'bad-argument',
      cause: 'The devices or a callback stopped the upload, after a part of it was sent.',
      nextStep: "Correct what the error's message or its `cause` names, then resume the upload.",
    }
    const batch = { batchId: 'b', chunkSize: 1 }
    const wrongDevice = uploadDevices(customer, { ...batch, devices: devices() })
    expect(explainError(await wrongDevice.catch(identity))).toMatchObject(stopped)
    const failedCallback = uploadDevices(customer, {
      ...batch,
      devices: [{ productKey: '3' }],
      onSubmitted: () => Promise.reject(new Error('The disk is full.')),
    })
    expect(explainError(await failedCallback.catch(identity))).toMatchObject(stopped)
    expect(await failedCallback.catch(identity)).toMatchObject({
      message: expect.stringContaining(' stopped after 1 request; no devices remain to be sent. '),
    })
  })

  test('an error from elsewhere', () => {
    expect(explainError(new Error('x'))).toMatchObject({ reason: 'unknown', isRetryable: false })
    expect(explainError(undefined).reason).toBe('unknown')
  })

  test('a value that was refused before anything was sent', () => {
    const partner = createPartnerCenter({ credential: () => 'token' })
    let error: unknown
    try {
      partner.customers.byId('nobody')
    } catch (caught) {
      error = caught
    }
    expect(explainError(error)).toMatchObject({ reason: 'bad-argument', isRetryable: false })
    expect(explainError(error).quote).toBeUndefined()
  })
})
