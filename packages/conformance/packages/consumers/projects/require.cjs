const { createPartnerCenter } = require('@devicebatch/client')
const { appUser } = require('@devicebatch/client/credentials')
const { readDevices } = require('@devicebatch/csv')
const { createEmulator, documentedUpload, emulatorCredentials } = require('@devicebatch/emulator')
const { serve } = require('@devicebatch/emulator/node')

const { fetch } = createEmulator()
const partner = createPartnerCenter({
  credential: appUser({ ...emulatorCredentials, onRefreshToken: () => {}, fetch }),
  fetch,
})
const customer = partner.customers.byId(documentedUpload.customerId)
customer.batchUploadStatus
  .byId(documentedUpload.batchTrackingId)
  .get()
  .then(({ status }) => console.log(status, typeof readDevices, typeof serve), console.error)
