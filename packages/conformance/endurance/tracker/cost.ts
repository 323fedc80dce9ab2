/** What processes have cost so far, according to the system; available only on Linux. */
import { readdir, readFile } from 'node:fs/promises'

/** Milliseconds of CPU of a process, and of those of its children that have ended and were waited for. */
interface CpuTimes {
  own: number
  endedChildren: number
}

/** Milliseconds of CPU time of these processes; those that are gone count nothing. */
export async function cpuMsOf(processIds: readonly number[]): Promise<number> {
  const times = await Promise.all(processIds.map(timesOf))
  return times.reduce((sum, time) => sum + (time?.own ?? 0), 0)
}

/** The same of a process with all that it ever started, such as a database server. */
export async function treeCpuMsOf(processId: number): Promise<number> {
  const times = await timesOf(processId)
  return (times?.own ?? 0) + (times?.endedChildren ?? 0) + (await cpuMsOf(await childrenOf(processId)))
}

async function timesOf(processId: number): Promise<CpuTimes | undefined> {
  try {
    const text = await readFile(`/proc/${processId}/stat`, 'utf8')
    // The name in brackets may hold anything; behind it the state is field 3, and field 14 is the user time.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [user, system, childUser, childSystem] = fields.slice(11, 15).map((ticks) => Number(ticks) * 10)
    return { own: user! + system!, endedChildren: childUser! + childSystem! }
  } catch {
    return undefined
  }
}

async function childrenOf(processId: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${processId}/task`).catch(() => [])
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${processId}/task/${task}/children`, 'utf8').catch(() => '')),
  )
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number))
}

/** What a run has used so far. */
export interface Reading {
  /** Since the process began that reads. */
  seconds: number
  /** How many batches had been accepted, and how many had finished. */
  accepted: number
  ended: number
  /** Milliseconds of CPU: of the process that submits, of the workers, of the database server, of the emulator. */
  driverCpuMs: number
  workersCpuMs: number
  databaseCpuMs: number
  emulatorCpuMs: number
  databaseBytes: number
}

/** How many batches were processed, counting an accepted but unfinished batch as half. */
function workOf({ accepted, ended }: Reading): number {
  return (accepted + ended) / 2
}

/** What was used between two readings for each batch, where one that was accepted counts as half. */
export function costOf(from: Reading, to: Reading): Reading {
  const batches = workOf(to) - workOf(from)
  const each = (name: keyof Reading): number => (to[name] - from[name]) / batches
  return {
    seconds: each('seconds'),
    accepted: each('accepted'),
    ended: each('ended'),
    driverCpuMs: each('driverCpuMs'),
    workersCpuMs: each('workersCpuMs'),
    databaseCpuMs: each('databaseCpuMs'),
    emulatorCpuMs: each('emulatorCpuMs'),
    databaseBytes: each('databaseBytes'),
  }
}
