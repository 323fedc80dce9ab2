/**
 * Uploads one device and keeps the state of the upload in a file. When a byte arrives on standard input, another call fails,
 * and its error aborts the upload.
 */
import { readFile, writeFile } from 'node:fs/promises'

import { createPartnerCenter, uploadDevices } from '@devicebatch/client'

const [baseUrl, token, file] = process.argv.slice(2)
const partner = createPartnerCenter({ credential: () => token, baseUrl })
const customer = partner.customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
const resume = await readFile(file, 'utf8').then(JSON.parse, () => undefined)

const controller = new AbortController()
process.stdin.once('data', () => {
  const unknown = customer.batchUploadStatus.byId('99999999-8888-4777-8666-555555555555')
  unknown.get().catch((error) => controller.abort(error))
})

let upload
const save = () => writeFile(file, JSON.stringify(upload))
const printed = await uploadDevices(
  customer,
  {
    batchId: 'Front desk',
    devices: [{ serialNumber: 'SN-1', oemManufacturerName: 'Contoso', modelName: 'Tablet 3' }],
    resume,
    onBeforeSubmit: (group) => {
      upload = group
      return save()
    },
  },
  { signal: controller.signal },
).then(
  ({ chunks }) => ({ chunks }),
  async (error) => {
    await save()
    return { error: `${error.name} ${error.status}`, isTheReason: error === controller.signal.reason }
  },
)
process.stdin.destroy()
console.log(JSON.stringify(printed))
