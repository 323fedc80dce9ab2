/**
 * `devicebatch status`: asks once what became of a batch upload. The counterpart of `GetBatchUploadStatus.cs` in the console
 * sample of Microsoft's .NET SDK.
 */
import { summarize } from '@devicebatch/client'

import type { CommandContext } from '../cli/context.ts'
import { exitCodeOf } from '../cli/exit-code.ts'
import { devicesInNeed } from '../output/needs-attention.ts'
import { renderReport, uploadFacts } from '../output/render-report.ts'
import { connect } from '../service/connect.ts'
import { readUploadId } from './upload-id.ts'

export interface StatusOptions {
  customer?: string
  emulator?: string
}

/** Prints the report and returns the exit code. */
export async function getBatchUploadStatus(
  { output, env, signal }: CommandContext,
  trackingIdOrLocation: string,
  options: StatusOptions,
): Promise<number> {
  const connection = await connect({ emulator: options.emulator, env, signal })
  const { partner } = connection
  const { customerId, batchTrackingId } = readUploadId(trackingIdOrLocation, options.customer)
  const upload = partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId)
  await connection.ready()

  // What the service answers says `finished` for devices that failed as well: the report looks at each of them.
  const details = await upload.get({ signal })
  const report = { ...summarize(details), batchTrackingId }

  const isEmulator = connection.isEmulator()
  const needs = devicesInNeed(report)
  output.record({ ...upload.toJSON(), emulated: isEmulator, report, needsAttention: needs })
  const facts = uploadFacts(report, upload)
  output.print(renderReport({ report, facts, needs, isEmulator }, output))
  return exitCodeOf(report, { skipped: 0 })
}
