/** Which process holds a lock, and is it still running? */
import { randomBytes } from 'node:crypto'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'

import { codeOf } from './patiently.ts'

/** The process that holds a lock. */
export interface LockHolder {
  /** Its process ID on its machine, or in its container. */
  pid: number
  /** The name of its machine, or of its container. */
  host: string
  /** When it took the lock, ISO 8601 in UTC, by its own clock. */
  since: string
}

/** The content of a lock file. */
export interface LockOwner extends LockHolder {
  /** Unique for each lock and never reused: 32 hexadecimal digits. */
  token: string
  /** The scope in which its process ID is unique: the machine since it booted and, on Linux, the container. */
  space: string
  /** When the process started, as the kernel reports it; absent where that cannot be read. */
  start?: string
  /** After how many milliseconds without a heartbeat the lock counts as abandoned. */
  staleMs: number
}

/** The part of {@link LockOwner} that all locks of a process share. */
export type ProcessIdentity = Pick<LockOwner, 'pid' | 'host' | 'space' | 'start'>

/** A token that no other lock has. */
export function createToken(): string {
  return randomBytes(16).toString('hex')
}

/** This process. */
export async function identifyProcess(): Promise<ProcessIdentity> {
  const { pid } = process
  const host = hostname()
  try {
    // Two containers may each have a process 1 and the same host name, and another kernel also counts from 1.
    const [boot, namespace, own] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readlink('/proc/self/ns/pid'),
      readStart(pid),
    ])
    if (own) return { pid, host, space: `${boot.trim()} ${namespace}`, start: own.start }
  } catch {
    // Not on Linux.
  }
  return { pid, host, space: `${process.platform} ${host}` }
}

/**
 * Whether this very process is running, not a later one with the same ID. `'unknown'` when it belongs to another machine or
 * container, or the system cannot tell two processes with the same ID apart.
 */
export async function findProcess(
  { pid, space, start }: ProcessIdentity,
  self: ProcessIdentity,
): Promise<'running' | 'gone' | 'unknown'> {
  if (space !== self.space) return 'unknown'
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return 'gone'
    // The process exists and belongs to another user.
  }
  if (start === undefined) return 'unknown'
  const found = await readStart(pid).catch(() => undefined)
  if (!found) return 'unknown'
  return found.start === start && !found.isDead ? 'running' : 'gone'
}

/**
 * When a process on this machine started, in clock ticks since boot. A killed process that its parent has not waited for is
 * still listed: a container whose process 1 reaps no children keeps many.
 */
async function readStart(pid: number): Promise<{ start: string; isDead: boolean } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The second value is the program's name in parentheses, which may contain anything; the third is the state, the 22nd the
  // start time.
  const values = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, start] = [values[0], values[19]]
  return start === undefined ? undefined : { start, isDead: state === 'Z' || state === 'X' }
}

/** Whether a value can be the {@link LockOwner.staleMs} of a lock. */
export function isStaleMs(value: unknown): value is number {
  return typeof value === 'number' && value >= 100 && value <= 3_600_000
}

/** Parses a lock file; `undefined` when it is empty or malformed. */
export function parseOwner(text: string): LockOwner | undefined {
  let owner: Partial<LockOwner> | null
  try {
    owner = JSON.parse(text) as Partial<LockOwner> | null
  } catch {
    return undefined
  }
  if (typeof owner !== 'object' || owner === null) return undefined
  const { token, pid, host, since, space, start, staleMs } = owner
  const isOwner =
    /^[0-9a-f]{32}$/.test(String(token)) &&
    Number.isSafeInteger(pid) &&
    pid! > 0 &&
    [host, since, space].every((text) => typeof text === 'string') &&
    ['string', 'undefined'].includes(typeof start) &&
    isStaleMs(staleMs)
  return isOwner ? (owner as LockOwner) : undefined
}
