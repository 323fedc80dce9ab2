/** What the emulator recorded, and the most requests in any minute of it. */

/** How a device ended: its serial number, the outcome, and the error code if there is one. */
export type DeviceEnd = readonly [serialNumber: string, outcome: string, errorCode?: string]

/** An upload as the emulator accepted it. */
export interface TakenUpload {
  customerId: string
  batchTrackingId: string
  requestId: string
  batchId: string
  devices: DeviceEnd[]
}

/** What a request was for: the batches of a customer, an upload, or the status of one. */
export type RequestKind = 'list' | 'upload' | 'poll'

/** Everything that it accepted, and when each request arrived, in milliseconds of its process. */
export interface EmulatorRecord {
  arrivals: [at: number, customerId: string, kind: RequestKind][]
  uploads: TakenUpload[]
}

/** The most requests within any 60 seconds: for all customers, and for the one with the most. */
export function mostInAMinute(arrivals: EmulatorRecord['arrivals']): { partner: number; customer: number } {
  const byCustomer = new Map<string, number[]>()
  for (const [at, customerId] of arrivals) {
    const own = byCustomer.get(customerId)
    if (own) own.push(at)
    else byCustomer.set(customerId, [at])
  }
  return {
    partner: mostOf(arrivals.map(([at]) => at)),
    customer: Math.max(0, ...[...byCustomer.values()].map(mostOf)),
  }
}

function mostOf(arrivedAt: readonly number[]): number {
  const times = arrivedAt.toSorted((a, b) => a - b)
  let [most, first] = [0, 0]
  times.forEach((at, last) => {
    while (at - times[first]! >= 60_000) first++
    most = Math.max(most, last - first + 1)
  })
  return most
}
