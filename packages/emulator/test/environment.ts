/** The settings of our programs for an emulator; tests of other packages use them too. */
import { emulatorCredentials } from '../src/index.ts'

/** The environment for signing in to an emulator as to the real service. */
export function emulatorEnvironment({ url, baseUrl = `${url}/v1` }: { url: string; baseUrl?: string }) {
  const { tenantId, clientId, clientSecret } = emulatorCredentials
  return {
    DEVICEBATCH_TENANT_ID: tenantId,
    DEVICEBATCH_CLIENT_ID: clientId,
    DEVICEBATCH_CLIENT_SECRET: clientSecret,
    DEVICEBATCH_BASE_URL: baseUrl,
    DEVICEBATCH_AUTHORITY_HOST: url,
  }
}
