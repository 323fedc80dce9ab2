/** The one identity that the emulator's token endpoint knows. */

/**
 * The credentials that the emulator accepts; any tenant is accepted in the token endpoint's path.
 *
 * @example
 * ```ts
 * import { emulatorCredentials } from '@devicebatch/emulator'
 *
 * const form = new URLSearchParams({
 *   grant_type: 'client_credentials',
 *   client_id: emulatorCredentials.clientId,
 *   client_secret: emulatorCredentials.clientSecret,
 *   scope: 'https://api.partnercenter.microsoft.com/.default',
 * })
 * ```
 */
export const emulatorCredentials: Readonly<{
  tenantId: string
  clientId: string
  clientSecret: string
  refreshToken: string
}> = Object.freeze({
  tenantId: '11111111-1111-4111-8111-111111111111',
  clientId: '22222222-2222-4222-8222-222222222222',
  clientSecret: 'emulator-secret',
  refreshToken: 'emulator-refresh-token',
})
