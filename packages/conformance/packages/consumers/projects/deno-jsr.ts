import { createPartnerCenter } from '@devicebatch/client'
import type { BatchOutcome } from '@devicebatch/client'

const [baseUrl, token] = Deno.args as [string, string]
// @ts-expect-error -- not an outcome
export const outcome: BatchOutcome = 'almost'
const upload = createPartnerCenter({ baseUrl, credential: () => token })
  .customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
  .batchUploadStatus.byId('0127ed8e-ff72-4983-a3d8-e8d8bd378932')
console.log((await upload.wait()).outcome)
