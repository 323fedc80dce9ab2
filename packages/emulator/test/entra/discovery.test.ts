import { createEmulator } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

const tenantId = '6c5a0b0e-52f3-4a3c-9d0c-1f0a5b7f2d11'

async function discover(name: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const emulator = createEmulator({ timeScale: 0 })
  emulator.seed({
    customers: [
      {
        customerId: tenantId,
        companyName: 'Northwind',
        domain: 'northwind.onmicrosoft.com',
        customDomains: ['northwind.onmicrosoft.com', 'northwind.example'],
      },
    ],
  })
  const answer = await emulator.fetch(`https://emulator.test/${name}/v2.0/.well-known/openid-configuration`)
  expect(emulator.requests.at(-1)?.operation).toBe('discoverTenant')
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

test.for(['northwind.onmicrosoft.com', 'northwind.example', 'NorthWind.Example', tenantId])(
  'the tenant of %s is found without a token',
  async (name) => {
    const { status, body } = await discover(name)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
      token_endpoint: `https://emulator.test/${tenantId}/oauth2/v2.0/token`,
    })
  },
)

test.for([
  ['nobody.example', 90002],
  ['northwind', 900023],
  ['north_wind.example', 900023],
] as const)('%s is refused with AADSTS%i', async ([name, code]) => {
  const { status, body } = await discover(name)
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: 'invalid_tenant', error_codes: [code] })
})
