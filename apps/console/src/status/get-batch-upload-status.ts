/**
 * `devicebatch status`: gets the result of a batch upload once. The counterpart of `GetBatchUploadStatus.cs` in the console
 * sample of Microsoft's .NET SDK.
 */
import { summarize } from '@devicebatch/client'

import { checkInput } from '../cli/check-input.ts'
import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodeOf } from '../cli/exit-code.ts'
import { rowExitCodes, signInHelp } from '../cli/help.ts'
import { customerUnlessLocation, connection, json } from '../cli/options.ts'
import { devicesInNeed } from '../output/needs-attention.ts'
import { renderReport, uploadFacts } from '../output/render-report.ts'
import { connect } from '../service/connect.ts'
import { findUpload, readUploadId } from './upload-id.ts'

export interface StatusOptions {
  customer?: string
  emulator?: string
}

/** Prints the report and returns the exit code. */
async function getBatchUploadStatus(
  context: CommandContext,
  trackingIdOrLocation: string,
  options: StatusOptions,
): Promise<number> {
  const { output, env, signal } = context
  const wanted = await checkInput(() => readUploadId(trackingIdOrLocation, options.customer, env))
  const connection = await connect(context, { emulator: options.emulator })
  await connection.ready()
  const { upload, customer } = await findUpload(connection, wanted, context)

  // The service also responds `finished` when devices failed: the report checks each of them.
  const details = await upload.get({ signal })
  const report = { ...summarize(details), batchTrackingId: upload.batchTrackingId }

  const isEmulator = connection.isEmulator()
  const needs = devicesInNeed(report)
  output.record({ ...customer, emulated: isEmulator, report, needsAttention: needs })
  const facts = uploadFacts(report, customer)
  output.print(renderReport({ report, facts, needs, isEmulator }, output))
  return exitCodeOf(report, { skipped: 0 })
}

export const statusCommand: ConsoleCommand = defineCommand({
  name: 'status',
  description: 'show the current result of one upload request',
  arguments: [['<tracking-id>', 'the tracking ID of the request, or its whole Location header']],
  options: [customerUnlessLocation(), ...connection(), json()],
  examples: ['devicebatch status 0127ed8e-ff72-4983-a3d8-e8d8bd378932 --customer CUSTOMER'],
  exitCodes: rowExitCodes,
  notes: [signInHelp],
  run: getBatchUploadStatus,
})
