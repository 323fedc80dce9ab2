import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'

const emulator = createEmulator({ timeScale: 0 }) // its clock stands still until you advance it
const api = 'https://emulator.test/v1/customers/c7f3c849-129f-4b85-a96d-4f8e88b315a3'

const { clientId, clientSecret, refreshToken, tenantId } = emulatorCredentials
const answer = await emulator.fetch(`https://emulator.test/${tenantId}/oauth2/v2.0/token`, {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://api.partnercenter.microsoft.com/.default',
  }),
})
const headers = { Authorization: `Bearer ${(await answer.json()).access_token}` }

const accepted = await emulator.fetch(`${api}/deviceBatches`, {
  method: 'POST',
  headers,
  body: JSON.stringify({
    batchId: 'Spring laptops',
    devices: [{ serialNumber: 'EMU808-5CG2144', oemManufacturerName: 'HP', modelName: 'EliteBook 840' }],
  }),
})
emulator.clock.advance(60_000)

const status = await emulator.fetch(`https://emulator.test/v1${accepted.headers.get('Location')}`, {
  headers,
})
const details = await status.json()
console.log(details.status, details.devicesStatus[0].errorDescription)
// finished ZtdDeviceAssignedToOtherTenant
