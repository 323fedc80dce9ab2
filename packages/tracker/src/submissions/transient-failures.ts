/** Which devices failed with a transient error? Decided without a database. */
import { devicesToRetry, explainDeviceError, summarize } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'

import type { DeviceRow } from '../polling/device-rows.ts'
import { toDetails } from '../polling/device-rows.ts'
import type { SentRow } from './sent-rows.ts'

/** Whether the error of a failed device is transient. */
export function isTransient({
  error_code: code,
  error_description: name,
}: Pick<DeviceRow, 'error_code' | 'error_description'>): boolean {
  return explainDeviceError(code ?? '', name ?? '').isRetryable
}

/** The positions of the devices of a request that failed with a transient error, by the results of its upload, which has ended. */
export function transientFailures(
  batchTrackingId: string,
  results: readonly DeviceRow[],
  sent: readonly SentRow[],
): number[] {
  const report = summarize({ batchTrackingId, status: 'finished', devicesStatus: results.map(toDetails) })
  const positions = new Map(sent.map((row) => [row as NewDevice, row.position]))
  return devicesToRetry(report, positions.keys()).map((device) => positions.get(device)!)
}
