/** How much do thousands of batches cost with the tracker on PostgreSQL, and with more workers? */
import type { Reading } from '../../endurance/tracker/cost.ts'
import { costOf } from '../../endurance/tracker/cost.ts'
import type { EmulatorRecord, RequestKind } from '../../endurance/tracker/emulator-record.ts'
import type { FleetResult } from '../../endurance/tracker/fleet.ts'
import { runFleet } from '../../endurance/tracker/fleet.ts'
import { atMost, quartiles, withSpread } from '../measure.ts'
import type { Part, Row } from '../measure.ts'

const [few, many] = [1_000, 10_000]
/** For workers and database together. */
const cpuLimitMs = 15
const bytesLimit = 20_000
const scrapeLimitMs = 50

export const tracker: Part = {
  name: 'tracker',
  title: 'Batches of 50 devices with the tracker on PostgreSQL',
  how:
    'Workers, emulator and a PostgreSQL server with `fsync` share the cores of this machine. Each batch has its own customer, because a customer’s uploads run one after another. First all batches are submitted, ' +
    'eight at a time, then the workers start; each upload takes one list request, one submission and three polls. The rate limits are ' +
    'never reached. Rates are those of the middle four fifths. CPU is the time of all workers, from their start, and of the whole ' +
    'server; the cost of each tenth of the work is listed in order, with an accepted but unfinished batch counted as half.',
  missed:
    'an upload with three polls takes about 20 statements: each request ID, tracking ID and result is committed before the next step, ' +
    'and each request takes its slot. Half of the CPU of a worker is sending and receiving them, and the rest is HTTP and comparing ' +
    'results. The versions of 50 devices and their indexes are two thirds of the size: a device changes columns that lists are sorted ' +
    'by, so each version is in every index. With 1,000 batches, nearly all are accepted before the first ends, so the tenth in the middle ' +
    'has two polls of each of them. A scrape meets its target on an idle machine (see below); beside 10,000 batches it waits for one of the two busy cores.',
  async run({ quick }) {
    const rows: Row[] = []
    const results: FleetResult[] = []
    for (const [batches, workers] of quick
      ? ([[100, 2]] as const)
      : ([
          [few, 1],
          [few, 2],
          [few, 4],
          [many, 4],
        ] as const)) {
      const result = await runFleet({
        batches,
        workers,
        seed: 1,
        kills: { workers: 0, database: 0 },
        rateLimits: { partnerPerMinute: 1_000_000, customerPerMinute: 1_000_000 },
        poll: { initialIntervalMs: 4_000, maxIntervalMs: 10_000 },
        emulator: { queuedMs: 0, processingMs: 12_000 },
        submitFirst: true,
        distinctCustomers: true,
        fsync: true,
      })
      if (result.violations.length > 0) throw new Error(result.violations.join('\n'))
      results.push(result)
      rows.push(...rowsOf(result))
    }
    const [small, large] = results.slice(-2)
    return small && large ? [...rows, ...comparison(small, large)] : rows
  },
}

function rowsOf({ options, record, readings, submitSeconds, scrapesMs }: FleetResult): Row[] {
  const { batches, workers } = options
  const name = `${batches.toLocaleString('en-US')} batches, ${workers} worker${workers === 1 ? '' : 's'}`
  const [before, started, ...rest] = readings as [Reading, Reading, ...Reading[]]
  const ingest = (started.databaseCpuMs - before.databaseCpuMs) / batches
  const driver = (started.driverCpuMs - before.driverCpuMs) / batches
  const each = costOf(started, rest.at(-1)!)
  const bytes = (rest.at(-1)!.databaseBytes - before.databaseBytes) / batches
  const scrapes = quartiles(scrapesMs)
  const tenths = rest
    .slice(0, -1)
    .map((reading, index) => costOf(index === 0 ? started : rest[index - 1]!, reading))
    .map((cost) => (cost.workersCpuMs + cost.databaseCpuMs).toFixed(0))
  return [
    {
      what: `${name}: submitted`,
      reached: `${(batches / submitSeconds).toFixed(0)} per second; CPU per batch: ${ms(driver)} in the submitting process, ${ms(ingest)} in the database`,
    },
    {
      what: `${name}: uploads, polls`,
      reached: `${rateOf(record, 'upload').toFixed(0)} and ${rateOf(record, 'poll').toFixed(0)} per second`,
    },
    atMost(
      `${name}: CPU per batch`,
      `≤ ${cpuLimitMs} ms`,
      cpuLimitMs,
      each.workersCpuMs + each.databaseCpuMs,
      `workers ${ms(each.workersCpuMs)}, database ${ms(each.databaseCpuMs)}; both by tenths: ${tenths.join(', ')} ms`,
    ),
    atMost(
      `${name}: database size per batch`,
      `≤ ${bytesLimit / 1_000} kB`,
      bytesLimit,
      bytes,
      `${(bytes / 1_000).toFixed(1)} kB`,
    ),
    atMost(
      `${name}: a scrape of metrics(), one a second`,
      `≤ ${scrapeLimitMs} ms`,
      scrapeLimitMs,
      scrapes.median,
      withSpread(scrapes, 0, ' ms'),
    ),
  ]
}

function comparison(small: FleetResult, large: FleetResult): Row[] {
  const cost = ({ readings }: FleetResult): { cpu: number; bytes: number } => {
    const each = costOf(readings[1]!, readings.at(-1)!)
    const bytes = (readings.at(-1)!.databaseBytes - readings[0]!.databaseBytes) / readings.at(-1)!.ended
    return { cpu: each.workersCpuMs + each.databaseCpuMs, bytes }
  }
  const [one, other] = [cost(small), cost(large)]
  return [
    {
      what: '10,000 batches relative to 1,000, 4 workers: CPU per batch',
      reached: (other.cpu / one.cpu).toFixed(2),
    },
    {
      what: '10,000 batches relative to 1,000, 4 workers: database size per batch',
      reached: (other.bytes / one.bytes).toFixed(2),
    },
  ]
}

/** How many requests of this kind arrived per second, in the middle four fifths of them. */
function rateOf({ arrivals }: EmulatorRecord, kind: RequestKind): number {
  const times = arrivals
    .filter((arrival) => arrival[2] === kind)
    .map(([at]) => at)
    .toSorted((a, b) => a - b)
  const [from, to] = [Math.floor(times.length / 10), Math.floor((times.length * 9) / 10)]
  return ((to - from) * 1_000) / (times[to]! - times[from]!)
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`
}
