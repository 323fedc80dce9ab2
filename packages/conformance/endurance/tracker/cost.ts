/** The CPU time that processes have used so far, according to the system; available only on Linux. */
import { readdir, readFile } from 'node:fs/promises'

/** Milliseconds of CPU time of a process, and of those of its children that have exited and were waited for. */
interface CpuTimes {
  own: number
  endedChildren: number
}

/** Milliseconds of CPU time of these processes; those that have exited do not count. */
export async function cpuMsOf(processIds: readonly number[]): Promise<number> {
  const times = await Promise.all(processIds.map(timesOf))
  return times.reduce((sum, time) => sum + (time?.own ?? 0), 0)
}

/** The same for a process and everything it ever started, such as a database server. */
export async function treeCpuMsOf(processId: number): Promise<number> {
  const times = await timesOf(processId)
  return (times?.own ?? 0) + (times?.endedChildren ?? 0) + (await cpuMsOf(await childrenOf(processId)))
}

async function timesOf(processId: number): Promise<CpuTimes | undefined> {
  try {
    const text = await readFile(`/proc/${processId}/stat`, 'utf8')
    // The name in parentheses can contain anything. After it, the state is field 3 and the user time field 14.
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
  /** Since the start of the process that reads. */
  seconds: number
  /** How many batches had been accepted, and how many had finished. */
  accepted: number
  ended: number
  /** Milliseconds of CPU time: of the submitting process, the workers, the database server, and the emulator. */
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

/** What was used per batch between two readings, counting an accepted but unfinished batch as half. */
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
