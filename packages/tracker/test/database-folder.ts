/** A folder for the databases of a test run, in memory if this is Linux and has room there: copying one to a disk takes five times the CPU. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
/** Several times what the databases of all tests that run at the same time need. */
const enoughBytes = 1024 ** 3
const prefix = 'devicebatch-databases-'

/** Creates a folder, and removes those of processes that were killed. */
export function makeDatabaseFolder(): string {
  const parent = hasRoom() ? memory : tmpdir()
  for (const name of readdirSync(parent)) {
    const [, id] = name.split(prefix)
    if (id && !isRunning(Number.parseInt(id))) rmSync(join(parent, name), { recursive: true, force: true })
  }
  const folder = mkdtempSync(join(parent, `${prefix}${process.pid}-`))
  // A server that may not run as root reads its data there.
  chmodSync(folder, 0o755)
  return folder
}

function hasRoom(): boolean {
  if (!existsSync(memory)) return false
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize >= enoughBytes
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
