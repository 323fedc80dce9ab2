/** What every consumer runs: reads a CSV, creates a batch, waits, and returns the result of each row. */
import { createPartnerCenter, isPartnerCenterError } from '@devicebatch/client'
import { readDevices, formatReport } from '@devicebatch/csv'
import { createPartnerFetch, getBatchUploadStatus } from '@devicebatch/edge'

const csv = `Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model
EMU808-1,,,Contoso,Tablet 3
GOOD-1,,,Contoso,Tablet 3
`

export async function uploadDevices(baseUrl, token) {
  const options = { baseUrl, credential: () => token }
  const rows = []
  for await (const row of readDevices(new Response(csv).body)) rows.push(row)
  const customer = createPartnerCenter(options).customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
  const devices = rows.map((row) => row.device)
  const upload = await customer.deviceBatches.create({ batchId: `Batch ${Date.now()}`, devices })
  const report = await upload.wait({ initialIntervalMs: 10 })
  const details = await getBatchUploadStatus(createPartnerFetch(options), upload)
  let results = ''
  for await (const text of formatReport(report, rows)) results += text
  const refused = await customer.batchUploadStatus
    .byId(customer.customerId)
    .get()
    .catch((error) => error)
  return {
    outcome: report.outcome,
    status: details.status,
    failures: report.failures.map((device) => `${device.serialNumber} ${device.errorCode}`),
    results: results.trim().split('\n').length,
    refused: isPartnerCenterError(refused) && `${refused.name} ${refused.status}`,
  }
}
