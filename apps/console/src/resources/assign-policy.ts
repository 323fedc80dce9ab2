/** `devicebatch assign`: applies a policy to devices of a batch, and waits for the results. */
import type { BatchUpload, CustomerResource } from '@devicebatch/client'
import { isPartnerCenterError } from '@devicebatch/client'
import type { Device } from '@devicebatch/contract'

import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodeOf, exitCodes } from '../cli/exit-code.ts'
import { signInHelp } from '../cli/help.ts'
import { allDevices, customer, connection, interval, json, RequiredOption, timeout } from '../cli/options.ts'
import { count, largest, plainText } from '../output/format.ts'
import { countBeside, rowsInNeed } from '../output/needs-attention.ts'
import { createProgress } from '../output/progress.ts'
import { renderReport, uploadFacts } from '../output/render-report.ts'
import type { Connection } from '../service/connect.ts'
import type { CustomerOptions } from '../service/customer.ts'
import { customerOf } from '../service/customer.ts'
import { readCustomerName } from '../service/find-customer.ts'
import { waitForUpload } from '../status/wait.ts'
import type { SentReport } from '../status/watch-rows.ts'
import { recordReport, watchRows } from '../status/watch-rows.ts'
import { checkDeviceChoice, findDevices } from './find-devices.ts'
import { checkPolicyName, findPolicy } from './find-policy.ts'

/** The options of `devicebatch assign`. */
export interface AssignOptions extends CustomerOptions {
  /** The policy, by its name or ID. */
  policy: string
  all?: boolean
  /** Milliseconds. */
  interval?: number
  /** Milliseconds. */
  timeout?: number
}

/** Devices per request; the service's maximum is not documented. */
const devicesPerRequest = 500

/** One request of an assignment. */
interface Part {
  devices: readonly Device[]
  /** The update, once the service has accepted it. */
  update?: BatchUpload
}

/** An assignment in progress. */
interface Assignment {
  context: CommandContext
  customer: CustomerResource
  customerName: string | undefined
  connection: Connection
  batchId: string
  parts: Part[]
  options: AssignOptions
  /** The command that sends it again. */
  again: string
}

/**
 * Sends the policy in as many requests as the devices need, then waits for each of them and reports on it. Returns the worst
 * exit code. Rejects with the error that stopped the sending, after saying what was sent and how to continue.
 */
async function assignPolicy(
  context: CommandContext,
  batchId: string,
  named: string[],
  options: AssignOptions,
): Promise<number> {
  const { output, signal, commandLine } = context
  const choice = { batchId, named, all: options.all === true }
  const { customer, connection, ...found } = await customerOf(context, options, () => {
    checkDeviceChoice(choice)
    checkPolicyName(options.policy)
  })
  const policy = await findPolicy(customer, options.policy, signal)
  const devices = await findDevices(customer, choice, signal)
  const customerName = found.customerName ?? (await readCustomerName(customer, signal))
  output.print(
    `Policy "${plainText(policy.name ?? policy.id)}" for ${count(devices.length, 'device')} of batch "${plainText(batchId)}"`,
  )
  output.record({ batchId, policyId: policy.id })
  const parts = Array.from({ length: Math.ceil(devices.length / devicesPerRequest) }, (_, at): Part => ({
    devices: devices.slice(at * devicesPerRequest, (at + 1) * devicesPerRequest),
  }))
  const { emulator, all } = options
  const flags = { all, policy: options.policy, customer: customer.customerId, emulator }
  const again = commandLine(['assign', batchId, ...named], flags)
  const assignment: Assignment = {
    context,
    customer,
    customerName,
    connection,
    batchId,
    parts,
    options,
    again,
  }
  // Sends everything first: a long wait must not delay the rest.
  await sendParts(assignment, { key: policy.category ?? 'o_o_b_e', value: policy.id })
  return followParts(assignment)
}

async function sendParts(assignment: Assignment, policy: { key: string; value: string }): Promise<void> {
  const { context, customer, parts } = assignment
  const { output, signal } = context
  for (const part of parts) {
    try {
      part.update = await customer.devicePolicy.update(
        part.devices.map(({ id }) => ({ id, policies: [policy] })),
        {
          signal,
          onAccepted: (location) => (part.update = customer.batchUploadStatus.fromLocation(location)),
        },
      )
    } catch (error) {
      printUnfinished(assignment, part, !signal.aborted && isPartnerCenterError(error) && !error.isAmbiguous)
      throw error
    }
    output.print(`Tracking ID  ${output.style('bold', part.update.batchTrackingId)}`)
  }
}

/** Says what was sent and what was not, and how to continue, when a request failed. */
function printUnfinished(assignment: Assignment, failed: Part, isRefused: boolean): void {
  const { parts, context, again } = assignment
  const { output } = context
  const all = parts.flatMap(({ devices }) => devices)
  const sent = parts.flatMap(({ devices, update }) => (update ? devices : []))
  const inDoubt = failed.update || isRefused ? [] : failed.devices
  const unsent = all.slice(sent.length + inDoubt.length)
  const idsOf = (devices: readonly Device[]): string[] => devices.map(({ id }) => id)
  output.record({
    updates: parts.flatMap(({ update }) => update?.toJSON() ?? []),
    sent: idsOf(sent),
    inDoubt: idsOf(inDoubt),
    unsent: idsOf(unsent),
  })
  const doubt = inDoubt.length > 0 ? `${count(inDoubt.length)} may have been sent, ` : ''
  output.print(
    `The policy was sent for ${count(sent.length)} of ${count(all.length, 'device')}; ${doubt}${count(unsent.length)} ${unsent.length === 1 ? 'was' : 'were'} not sent.`,
  )
  for (const { update } of parts) if (update) printResume(assignment, update)
  output.print(
    'To continue, run the same command again; it changes nothing for a device that already has the policy:',
    `  ${again}`,
  )
}

async function followParts(assignment: Assignment): Promise<number> {
  const { context, connection, customerName, parts } = assignment
  const { output } = context
  const updates: object[] = parts.map(({ update }) => update!.toJSON())
  const codes: number[] = [exitCodes.registered]
  for (const [at, { devices, update }] of parts.entries()) {
    output.record({ updates })
    const report = await follow(assignment, update!, devices)
    if (!report) {
      codes.push(exitCodes.pending)
      continue
    }
    updates[at] = { ...update!.toJSON(), report: recordReport(report) }
    const sent = report.sent!
    const rows = devices.map((device) => ({ device }))
    const view = {
      report,
      facts: uploadFacts(report, { ...update!.toJSON(), customerName }),
      needs: rowsInNeed(sent, rows),
      isEmulator: connection.isEmulator(),
      file: { deviceCount: devices.length, skipped: [], notes: [] },
      beside: countBeside(sent),
      words,
    }
    output.print('', renderReport(view, output), '')
    const code = exitCodeOf(report, { sent: devices.length, skipped: 0 })
    if (code === exitCodes.pending) printResume(assignment, update!)
    codes.push(code)
  }
  output.record({ updates })
  return largest(codes)
}

/** The wording of the report. */
const words = { done: 'updated', all: 'Every device has the policy', some: 'Not every device has the policy' }

function follow(
  assignment: Assignment,
  update: BatchUpload,
  devices: readonly Device[],
): Promise<SentReport | undefined> {
  const { context, options } = assignment
  const { output, signal } = context
  const rows = devices.map(({ id, serialNumber, productKey }) => ({ deviceId: id, serialNumber, productKey }))
  return waitForUpload({
    watch: (wait) => watchRows(update.watch(wait), rows),
    statusOf: ({ status }) => status,
    sent: devices.length,
    output,
    progress: createProgress(output, words.done),
    signal,
    schedule: { initialIntervalMs: options.interval, timeoutMs: options.timeout },
    printResume: () => printResume(assignment, update),
  })
}

function printResume(
  { context: { output, commandLine }, options: { emulator } }: Assignment,
  { customerId, batchTrackingId }: BatchUpload,
): void {
  const resume = commandLine(['watch', batchTrackingId], { customer: customerId, emulator })
  output.print('The update continues at the service. To see its result, run:', `  ${resume}`)
}

export const assignCommand: ConsoleCommand = defineCommand({
  name: 'assign',
  description:
    'apply a policy (in the portal: an Autopilot profile) to devices of a batch, wait, and report on each device',
  arguments: [
    ['<batch>', 'the name of the batch'],
    ['[devices...]', 'serial numbers or device IDs, or use --all; "devicebatch devices" lists them'],
  ],
  options: [
    customer(),
    new RequiredOption('--policy <policy>', 'the name or ID of the policy'),
    allDevices(),
    interval(),
    timeout(),
    ...connection(),
    json(),
  ],
  examples: [
    'devicebatch assign "Front desk" --all --policy "Skip all" --customer CUSTOMER',
    'devicebatch assign "Front desk" 5CG35PVYN1 --policy "Skip all" --customer CUSTOMER',
  ],
  exitCodes: {
    0: 'every device has the policy',
    2: 'a device failed, or its result is not known',
    3: 'the update has not finished',
  },
  notes: [signInHelp],
  run: assignPolicy,
})
