/** Describes the result of a run. */
import { costOf } from './cost.ts'
import type { RequestKind } from './emulator-record.ts'
import { mostInAMinute } from './emulator-record.ts'
import type { FleetResult } from './fleet.ts'
import type { Duration } from './progress.ts'
import { describeScrapes } from './scrapes.ts'
import { isDisturbed } from './workers.ts'

export function describeFleet(result: FleetResult): string[] {
  const { options, record, seconds, submitSeconds, durations, mostInFlight, errors, scrapesMs } = result
  const { batches, kills, rateLimits } = options
  const most = mostInAMinute(record.arrivals)
  const number = (kind: RequestKind): string =>
    `${count(record.arrivals.filter((arrival) => arrival[2] === kind).length)} ${kind}s`
  const lasted = (name: string, which: (one: Duration) => boolean): string[] => {
    const sorted = durations
      .filter(which)
      .map((one) => one.seconds)
      .toSorted((a, b) => a - b)
    if (sorted.length === 0) return []
    return [`${name}: ${sorted[sorted.length >> 1]!.toFixed(0)} s, at most ${sorted.at(-1)!.toFixed(0)} s`]
  }
  return [
    `submitted in ${submitSeconds.toFixed(0)} s, ended in ${seconds.toFixed(0)} s; at most ${count(mostInFlight)} of ${count(batches)} were accepted but not finished`,
    `${number('list')}, ${number('upload')}, ${number('poll')}; in any minute at most ${count(most.partner)} of ${count(rateLimits.partnerPerMinute)} for the partner and ${count(most.customer)} of ${count(rateLimits.customerPerMinute)} for a customer`,
    'from submission to end, median and maximum: ' +
      [
        ...lasted(`the customer with ${count(Math.ceil(batches / 10))}`, (one) => one.ofCustomer > 10),
        ...lasted('customers with ten', (one) => one.ofCustomer === 10),
        ...lasted('with one', (one) => one.ofCustomer === 1 && !one.isProbe),
        ...lasted('with one that arrived after all others had been submitted', (one) => one.isProbe),
      ].join('; '),
    describeScrapes(scrapesMs),
    ...(isDisturbed(kills)
      ? [
          `${kills.workers} workers were killed, the database ${kills.database} times, and ${kills.suspensions ?? 0} workers suspended`,
        ]
      : [describeCost(result)]),
    ...[...errors].map(([message, times]) => `${count(times)} times: ${message}`),
  ]
}

function describeCost({ readings }: FleetResult): string {
  const each = costOf(readings[0]!, readings.at(-1)!)
  return (
    `per batch: workers ${each.workersCpuMs.toFixed(1)} ms of CPU, database ${each.databaseCpuMs.toFixed(1)} ms, ` +
    `emulator ${each.emulatorCpuMs.toFixed(1)} ms; ${(each.databaseBytes / 1e3).toFixed(1)} kB in the database`
  )
}

function count(number: number): string {
  return number.toLocaleString('en-US')
}
