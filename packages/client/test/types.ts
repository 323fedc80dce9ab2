/** What must compile and what must not: checked by `tsc`, never run. */
import type {
  BatchUpload,
  BatchUploadReport,
  DeviceErrorExplanation,
  explainDeviceError,
  parsePartnerDate,
  summarize,
  WaitTimeoutError,
  PartnerCenter,
  PollResult,
  PollState,
} from '@devicebatch/client'
import { createPartnerCenter, deviceOutcome, pollOnce } from '@devicebatch/client'
import type { BatchUploadDetails, NewDevice } from '@devicebatch/contract'

type Equals<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

const partner: PartnerCenter = createPartnerCenter({ credential: () => 'token' })
const customer = partner.customers.byId('')
const device = { serialNumber: '', oemManufacturerName: '', modelName: '' }

// The fluent surface.
void (true satisfies Equals<ReturnType<typeof customer.batchUploadStatus.byId>, BatchUpload>)
void (true satisfies Equals<ReturnType<typeof customer.batchUploadStatus.fromLocation>, BatchUpload>)
void (true satisfies Equals<ReturnType<typeof customer.deviceBatches.create>, Promise<BatchUpload>>)
void (true satisfies Equals<ReturnType<BatchUpload['get']>, Promise<BatchUploadDetails>>)
void (true satisfies Equals<ReturnType<BatchUpload['wait']>, Promise<BatchUploadReport>>)
void (true satisfies Equals<ReturnType<BatchUpload['watch']>, AsyncIterable<BatchUploadReport>>)
void (true satisfies Equals<ReturnType<typeof summarize>, BatchUploadReport>)
void (true satisfies Equals<Extract<keyof BatchUpload, 'then'>, never>)

void customer.deviceBatches.create({
  batchId: '',
  devices: [device, { productKey: '' }, { hardwareHash: '' }],
})
// @ts-expect-error -- a serial number alone identifies no device
void customer.deviceBatches.create({ batchId: '', devices: [{ serialNumber: '' }] })
// @ts-expect-error -- a batch has a name
void customer.deviceBatches.create({ devices: [device] })
// @ts-expect-error -- a customer is asked for by its id
partner.customers.byId()
const devices: NewDevice[] = [device]
void customer.deviceBatches.create(
  { batchId: '', devices },
  { signal: null, timeoutMs: 5, retry: false, requestId: '' },
)

// Waiting: options that are given as `undefined` are not given.
declare const upload: BatchUpload
void upload.wait({ signal: undefined, timeoutMs: Infinity, initialIntervalMs: undefined, maxFailures: 3 })
// @ts-expect-error -- durations end in Ms
void upload.wait({ timeout: 5 })
// @ts-expect-error -- an upload keeps its name
upload.batchTrackingId = ''
void (async () => {
  for await (const report of upload.watch()) void (true satisfies Equals<typeof report, BatchUploadReport>)
})()

// Words stay open: the known ones are compared, any other is text.
export function describeReport(report: BatchUploadReport): string {
  if (report.outcome === 'partially-failed')
    return report.failures.map(({ errorCode }) => errorCode ?? '').join()
  // @ts-expect-error -- outcomes are ours, and closed
  if (report.outcome === 'finished') return ''
  const word: string = report.status
  return word + (report.startedAt ?? '')
}
const outcome: 'pending' | 'succeeded' | 'alreadyRegistered' | 'failed' | 'unresolved' = deviceOutcome(
  { status: 'x' },
  true,
)
void outcome
void (true satisfies Equals<ReturnType<typeof explainDeviceError>, DeviceErrorExplanation>)
void (true satisfies Equals<ReturnType<typeof parsePartnerDate>, Date | undefined>)

// A poll: its state goes through JSON, its next step narrows.
void (true satisfies Equals<ReturnType<typeof pollOnce>, Promise<PollResult>>)
declare const state: PollState
void pollOnce(upload, state, { now: 5, signal: null })
// @ts-expect-error -- the time is given, so that a workflow can replay it
void pollOnce(upload, undefined, {})
declare const result: PollResult
if (result.next.kind === 'wait') void (true satisfies Equals<typeof result.next.delayMs, number>)
if (result.next.kind === 'stop') void result.next.error.code
// @ts-expect-error -- nothing to wait for
if (result.next.kind === 'done') void result.next.delayMs
declare const late: WaitTimeoutError
void (true satisfies Equals<typeof late.report, BatchUploadReport | undefined>)

// The openapi-fetch client: paths, parameters and answers are those of the contract.
void (async () => {
  const path = { customerId: '', batchTrackingId: '' }
  const { data, error } = await partner.api.GET('/customers/{customerId}/batchJobStatus/{batchTrackingId}', {
    params: { path },
  })
  const word: string | undefined = data?.status
  const details: BatchUploadDetails | undefined = data
  void [word, details, error]
  // @ts-expect-error -- no such path
  await partner.api.GET('/customers/{customerId}/batchJobStatus', { params: { path } })
  await partner.api.GET('/customers/{customerId}/batchJobStatus/{batchTrackingId}', {
    // @ts-expect-error -- the tracking id is missing
    params: { path: { customerId: '' } },
  })
  // @ts-expect-error -- the status is only read
  await partner.api.POST('/customers/{customerId}/batchJobStatus/{batchTrackingId}', { params: { path } })
})()
