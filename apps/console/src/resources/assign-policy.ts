/** `devicebatch assign`: applies a policy to devices of a batch, and waits for what becomes of it. */
import type { BatchUpload, BatchUploadReport } from '@devicebatch/client'
import type { Device } from '@devicebatch/contract'

import type { CommandContext } from '../cli/context.ts'
import { exitCodeOf, exitCodes } from '../cli/exit-code.ts'
import { commandLine } from '../output/command-line.ts'
import { count, plainText } from '../output/format.ts'
import { devicesInNeed } from '../output/needs-attention.ts'
import { createProgress } from '../output/progress.ts'
import { renderReport, uploadFacts } from '../output/render-report.ts'
import type { CustomerOptions } from '../service/customer.ts'
import { customerOf } from '../service/customer.ts'
import { waitForUpload } from '../status/wait.ts'
import { checkDeviceChoice, findDevices } from './find-devices.ts'
import { findPolicy } from './find-policy.ts'

/** The options of `devicebatch assign`. */
export interface AssignOptions extends CustomerOptions {
  /** The policy, by its name or id. */
  policy: string
  all?: boolean
  /** Milliseconds. */
  interval?: number
  /** Milliseconds. */
  timeout?: number
}

/** How many devices go in one request; how many the service takes is not documented. */
const devicesPerRequest = 500

/** Applies it in as many requests as the devices take, one after another, and reports on each. Returns the worst exit code. */
export async function assignPolicy(
  context: CommandContext,
  batchId: string,
  named: string[],
  options: AssignOptions,
): Promise<number> {
  const { output, signal } = context
  const { customer, connection } = await customerOf(context, options)
  const choice = { batchId, named, all: options.all === true }
  checkDeviceChoice(choice)
  const policy = await findPolicy(customer, options.policy, signal)
  const devices = await findDevices(customer, choice, signal)
  const assignment = { key: policy.category ?? 'o_o_b_e', value: policy.id }
  output.print(
    `Policy "${plainText(policy.name ?? policy.id)}" for ${count(devices.length, 'device')} of batch "${plainText(batchId)}"`,
  )
  const updates: object[] = []
  const codes: number[] = []
  for (let at = 0; at < devices.length; at += devicesPerRequest) {
    const part = devices.slice(at, at + devicesPerRequest)
    const update = await customer.devicePolicy.update(
      part.map(({ id }) => ({ id, policies: [assignment] })),
      { signal },
    )
    output.print(`Tracking id  ${output.style('bold', update.batchTrackingId)}`)
    const report = await follow(context, update, part, options)
    updates.push({ ...update.toJSON(), report })
    output.record({ batchId, policyId: policy.id, updates })
    if (!report) return exitCodes.pending
    const needs = devicesInNeed(
      report,
      part.map((device) => ({ device })),
    )
    const facts = uploadFacts(report, { customerId: customer.customerId })
    const isEmulator = connection.isEmulator()
    const file = { deviceCount: part.length, skipped: [] }
    output.print('', ...renderReport({ report, facts, needs, isEmulator, file, words }, output), '')
    const code = exitCodeOf(report, { sent: part.length, skipped: 0 })
    if (code === exitCodes.pending) {
      printResume(context, update, options)
      return code
    }
    codes.push(code)
  }
  return Math.max(...codes, exitCodes.registered)
}

/** What the report of an upload calls registered. */
const words = { done: 'updated', all: 'Every device has the policy', some: 'Not every device has the policy' }

function follow(
  context: CommandContext,
  update: BatchUpload,
  devices: readonly Device[],
  options: AssignOptions,
): Promise<BatchUploadReport | undefined> {
  const { output, signal } = context
  return waitForUpload({
    watch: (wait) => update.watch(wait),
    statusOf: ({ status }) => status,
    sent: devices.length,
    output,
    progress: createProgress(output),
    signal,
    schedule: { initialIntervalMs: options.interval, timeoutMs: options.timeout },
    printResume: () => printResume(context, update, options),
  })
}

function printResume(
  { output, commandName }: CommandContext,
  { batchTrackingId }: BatchUpload,
  { customer, emulator }: AssignOptions,
): void {
  const resume = commandLine(commandName, ['watch', batchTrackingId], { customer, emulator })
  output.print('The update goes on at the service. Look again with:', `  ${resume}`)
}
