/** What must compile and what must not: checked by `tsc`, never run. */
import type {
  AnyPartnerCenterError,
  BatchUpload,
  BatchUploadGroup,
  BatchUploadGroupReport,
  BatchUploadReport,
  DeviceVerification,
  DeviceErrorExplanation,
  summarize,
  WaitTimeoutError,
  PartnerCenter,
  PollResult,
  PagedList,
  PollState,
  SavedBatchUploadGroup,
  UploadInterruptedError,
  UploadPlan,
  verifyDevices,
} from '@devicebatch/client'
import {
  createPartnerCenter,
  deviceOutcome,
  devicesToRetry,
  explainDeviceError,
  isPartnerCenterError,
  planUpload,
  pollOnce,
  uploadDevices,
} from '@devicebatch/client'
import type { parsePartnerDate } from '@devicebatch/client/results'
import { matchResults } from '@devicebatch/client/results'
import type {
  BatchUploadDetails,
  ConfigurationPolicy,
  Customer,
  Device,
  DeviceBatch,
  NewDevice,
  RelationshipRequest,
} from '@devicebatch/contract'

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
// @ts-expect-error -- a serial number alone does not identify a device
void customer.deviceBatches.create({ batchId: '', devices: [{ serialNumber: '' }] })
// @ts-expect-error -- a batch has a name
void customer.deviceBatches.create({ devices: [device] })
// @ts-expect-error -- a customer is identified by its ID
partner.customers.byId()
const devices: NewDevice[] = [device]
void customer.deviceBatches.create(
  { batchId: '', devices },
  { signal: null, timeoutMs: 5, retry: false, requestId: '' },
)

// Finding a customer.
void (true satisfies Equals<ReturnType<typeof partner.customers.list>, PagedList<Customer>>)
void (true satisfies Equals<ReturnType<typeof customer.get>, Promise<Customer>>)
void (true satisfies Equals<
  ReturnType<typeof partner.customers.relationshipRequest.get>,
  Promise<RelationshipRequest>
>)
void partner.customers.list({ companyName: 'Contoso', domain: undefined, signal: null, timeoutMs: 5 })
// @ts-expect-error -- the list cannot be filtered by id
partner.customers.list({ customerId: '' })

// Waiting: an option of `undefined` means its default.
declare const upload: BatchUpload
void upload.wait({ signal: undefined, timeoutMs: Infinity, initialIntervalMs: undefined, maxFailures: 3 })
// @ts-expect-error -- durations end in Ms
void upload.wait({ timeout: 5 })
// @ts-expect-error -- an upload keeps its name
upload.batchTrackingId = ''
void (async () => {
  for await (const report of upload.watch()) void (true satisfies Equals<typeof report, BatchUploadReport>)
})()

// Values stay open: known ones can be compared, any other is text.
export function describeReport(report: BatchUploadReport): string {
  if (report.outcome === 'partially-failed')
    return report.failures.map(({ errorCode }) => errorCode ?? '').join()
  // @ts-expect-error -- outcomes are ours, and closed
  if (report.outcome === 'finished') return ''
  const word: string = report.status
  return word + (report.startedAt ?? '')
}
const outcome: 'pending' | 'succeeded' | 'already-registered' | 'failed' | 'unresolved' = deviceOutcome(
  { status: 'x' },
  true,
)
void outcome
void (true satisfies Equals<ReturnType<typeof explainDeviceError>, DeviceErrorExplanation>)
// What a report says of a device can be passed as it is.
void ((report: BatchUploadReport) =>
  report.failures.map(({ errorCode, errorDescription }) => explainDeviceError(errorCode, errorDescription)))
void (true satisfies Equals<ReturnType<typeof parsePartnerDate>, Date | undefined>)

// A poll: its state goes through JSON, its next step narrows.
void (true satisfies Equals<ReturnType<typeof pollOnce>, Promise<PollResult>>)
declare const state: PollState
void pollOnce(upload, state, { now: 5, signal: null })
// @ts-expect-error -- the time must be passed, so that a workflow can replay it
void pollOnce(upload, undefined, {})
declare const result: PollResult
if (result.next.kind === 'wait') void (true satisfies Equals<typeof result.next.delayMs, number>)
if (result.next.kind === 'stop') void result.next.error.code
// @ts-expect-error -- nothing to wait for
if (result.next.kind === 'done') void result.next.delayMs
declare const late: WaitTimeoutError
void (true satisfies Equals<typeof late.report, BatchUploadReport | undefined>)

// The openapi-fetch client: paths, parameters and responses are those of the contract.
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
    // @ts-expect-error -- the tracking ID is missing
    params: { path: { customerId: '' } },
  })
  // @ts-expect-error -- the status is only read
  await partner.api.POST('/customers/{customerId}/batchJobStatus/{batchTrackingId}', { params: { path } })
})()

// Every other operation.
const batch = customer.deviceBatches.byId('')
void (true satisfies Equals<ReturnType<typeof customer.deviceBatches.list>, PagedList<DeviceBatch>>)
void (true satisfies Equals<ReturnType<typeof batch.devices.list>, PagedList<Device>>)
void (true satisfies Equals<ReturnType<PagedList<Device>['toArray']>, Promise<Device[]>>)
void (true satisfies Equals<ReturnType<PagedList<Device>['pages']>, AsyncIterable<Device[]>>)
void (true satisfies Equals<ReturnType<typeof batch.devices.add>, Promise<BatchUpload>>)
void (true satisfies Equals<ReturnType<typeof customer.devicePolicy.update>, Promise<BatchUpload>>)
void (async () => {
  for await (const { serialNumber } of batch.devices.list({ signal: null, timeoutMs: 5 }))
    void serialNumber?.length
  const { id } = await batch.devices
    .byId('')
    .update({ ...device, id: '', policies: [{ key: 'o_o_b_e', value: '' }] })
  await batch.devices.byId('').update({ ...device, id: '', modelName: '', policies: null })
  // @ts-expect-error -- a device is replaced under its ID
  await batch.devices.byId('').update({ ...device, policies: null })
  void (true satisfies Equals<typeof id, string>)
  void (true satisfies Equals<ReturnType<ReturnType<typeof batch.devices.byId>['delete']>, Promise<void>>)
  await batch.devices.byId(id).delete({ retry: false })
  const { configurationPolicies } = customer
  const made = await configurationPolicies.create({
    name: '',
    category: 'o_o_b_e',
    policySettings: ['skip_eula'],
  })
  void (true satisfies Equals<typeof made, ConfigurationPolicy>)
  const policy = configurationPolicies.byId(made.id)
  void (true satisfies Equals<Awaited<ReturnType<typeof policy.get>>, ConfigurationPolicy>)
  await policy.update({ id: made.id, name: '', category: 'o_o_b_e', policySettings: [] })
  await policy.update({ ...(await policy.get()), name: '' })
  // @ts-expect-error -- the whole policy is replaced
  await policy.update({ name: '', category: 'o_o_b_e', policySettings: [] })
  // @ts-expect-error -- each page is a separate call
  batch.devices.list({ requestId: '' })
  const [listed] = await batch.devices.list().toArray()
  // @ts-expect-error -- a listed device has policy names, and is written back with their IDs
  await batch.devices.byId('').update(listed!)
  // @ts-expect-error -- a device is identified by its ID
  await customer.devicePolicy.update([{ serialNumber: '', policies: [] }])
})()

// Uploads of any size.
async function* stream(): AsyncGenerator<NewDevice> {
  yield device
}
void (async () => {
  const group = await uploadDevices(customer, { batchId: '', devices: stream(), chunkSize: undefined })
  void (true satisfies Equals<typeof group, BatchUploadGroup>)
  const plan = await planUpload({ customerId: '', batchId: '', devices: new Set([device]) })
  void (true satisfies Equals<typeof plan, UploadPlan>)
  // @ts-expect-error -- nothing is submitted, so there is nothing to report
  await planUpload({ customerId: '', batchId: '', devices: [device], onSubmitted: () => {} })
  const saved: SavedBatchUploadGroup = group.toJSON()
  await uploadDevices(customer, { batchId: '', devices, resume: saved }, { signal: null, correlationId: '' })
  await uploadDevices(customer, { batchId: '', devices, resume: group, onSubmitted: async () => {} })
  // @ts-expect-error -- each request has its own ID
  await uploadDevices(customer, { batchId: '', devices }, { requestId: '' })
  // @ts-expect-error -- a serial number alone does not identify a device
  await uploadDevices(customer, { batchId: '', devices: [{ serialNumber: '' }] })
  // @ts-expect-error -- a saved state is read-only
  saved.chunks.pop()
  const report = await group.wait()
  void (true satisfies Equals<typeof report, BatchUploadGroupReport>)
  void (true satisfies Equals<ReturnType<BatchUploadGroup['watch']>, AsyncIterable<BatchUploadGroupReport>>)
  void (true satisfies Equals<Extract<keyof BatchUploadGroup, 'then'>, never>)
  for (const { match, delivery } of report.rows) {
    if (match.kind === 'result') void match.result.errorCode
    // @ts-expect-error -- a row that cannot be matched has no result
    if (match.kind === 'unmatchable') void match.result
    void (delivery satisfies 'landed' | 'did-not-land' | 'cannot-tell')
  }
  void (true satisfies Equals<ReturnType<typeof devicesToRetry>, NewDevice[]>)
  devicesToRetry(report, devices)
  devicesToRetry(await upload.wait(), new Set(devices))
  const { rows } = matchResults([device], [{ serialNumber: '', mine: 1 }], ({ mine }) => `${mine}`)
  if (rows[0]?.kind === 'result') void (rows[0].result.mine satisfies number)
})()
void (true satisfies Equals<ReturnType<typeof verifyDevices>, Promise<DeviceVerification>>)
declare const interrupted: UploadInterruptedError
void (true satisfies Equals<typeof interrupted.group, BatchUploadGroup>)
void (true satisfies Equals<typeof interrupted.unsent.fromIndex, number>)

// The union includes this package's errors: their members distinguish them, and they keep the promises of their code.
export function describeError(error: AnyPartnerCenterError): unknown {
  if ('upload' in error) return error.report?.counts.pending
  if ('unsent' in error) return [error.group.chunks, error.unsent.fromIndex]
  if ('group' in error) return error.report.counts.pending
  return undefined
}
export function statusOf(error: unknown): number {
  return isPartnerCenterError(error) && error.code === 'api' ? error.status : 0
}
